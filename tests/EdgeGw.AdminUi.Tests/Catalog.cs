using System.Net.Http.Json;

namespace EdgeGw.AdminUi.Tests;

/// <summary>Endpoints of a gateway, made and read past the page.</summary>
/// <param name="gateway">Whose.</param>
public sealed class Catalog(Gateway gateway)
{
    // The first gets its tools ready.
    private static readonly TimeSpan s_build = TimeSpan.FromMinutes(5);

    /// <summary>The text that each endpoint begins with.</summary>
    public const string First = "using EdgeGw;\n\npublic static class Greet\n{\n    // first\n}\n";

    /// <summary>Makes one below <c>/v1</c>; its id.</summary>
    public async Task<string> EndpointAsync(string name, string text = First) => (await PostAsync("endpoints", new
    {
        collection = await CollectionAsync(),
        name,
        method = "GET",
        path = "/" + name,
        description = "",
        kind = "source",
        source = new { files = new[] { new { name = "Handler.cs", text } }, packages = Array.Empty<string>() },
        services = new { },
        limits = new { },
        settings = new { },
    })).GetProperty("id").GetString()!;

    /// <summary>Compiles it and puts it in service.</summary>
    public async Task DeployAsync(string id)
    {
        var build = (await PostAsync($"endpoints/{id}/deploy", new { })).GetProperty("id").GetString();
        JsonElement state = default;
        await Eventually.IsTrueAsync(async () => (state = await gateway.Control.GetFromJsonAsync<JsonElement>($"/api/v1/builds/{build}")).GetProperty("state").GetString() is not ("queued" or "running"), s_build);
        Assert.That(state.GetProperty("state").GetString(), Is.EqualTo("succeeded"), state.ToString());
    }

    /// <summary>The text that the gateway has of it.</summary>
    public async Task<string> TextAsync(string id) => (await ReadAsync(id)).GetProperty("source").GetProperty("files")[0].GetProperty("text").GetString()!;

    /// <summary>The revision that the gateway has of it.</summary>
    public async Task<long> RevisionAsync(string id) => (await ReadAsync(id)).GetProperty("revision").GetInt64();

    private Task<JsonElement> ReadAsync(string id) => gateway.Control.GetFromJsonAsync<JsonElement>($"/api/v1/endpoints/{id}");

    private async Task<string> CollectionAsync()
    {
        var there = (await gateway.Control.GetFromJsonAsync<JsonElement>("/api/v1/collections")).GetProperty("items");
        if (there.GetArrayLength() > 0)
        {
            return there[0].GetProperty("id").GetString()!;
        }
        var domain = await PostAsync("domains", new { host = "*", description = "" });
        return (await PostAsync("collections", new { domain = domain.GetProperty("id").GetString(), name = "Pets", basePath = "/v1", description = "", shared = Array.Empty<string>() })).GetProperty("id").GetString()!;
    }

    private async Task<JsonElement> PostAsync(string path, object body)
    {
        using var response = await gateway.Control.PostAsJsonAsync($"/api/v1/{path}", body);
        var text = await response.Content.ReadAsStringAsync();
        Assert.That(response.IsSuccessStatusCode, Is.True, text);
        return JsonDocument.Parse(text).RootElement;
    }
}
