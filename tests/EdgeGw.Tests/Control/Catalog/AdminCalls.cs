using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace EdgeGw.Tests.Control.Catalog;

/// <summary>An answer of the Admin API.</summary>
internal sealed record AdminAnswer(int Status, JsonElement Body, string? ETag, string? Location)
{
    internal string Id => Body.GetProperty("id").GetString()!;

    internal string Text(string member) => Body.GetProperty(member).ToString();

    internal string[] Reasons => Body.TryGetProperty("reasons", out var reasons) ? [.. reasons.EnumerateArray().Select(reason => reason.GetString()!)] : [];

    internal JsonElement[] Items => [.. Body.GetProperty("items").EnumerateArray()];
}

/// <summary>Calls of the Admin API below <c>/api/v1</c>.</summary>
internal static class AdminCalls
{
    internal static async Task<AdminAnswer> CallAsync(this RunningControl control, string method, string path, string? json = null, string? ifMatch = null, string contentType = "application/json")
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), "/api/v1" + path);
        if (json is not null)
        {
            request.Content = new StringContent(json, Encoding.UTF8, contentType);
        }
        if (ifMatch is not null)
        {
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        }
        using var answer = await control.Http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        return new AdminAnswer((int)answer.StatusCode, text.Length == 0 ? default : JsonSerializer.Deserialize<JsonElement>(text), answer.Headers.ETag?.Tag, answer.Headers.Location?.ToString());
    }

    /// <summary>A domain and a collection in it; gives the collection's id.</summary>
    internal static async Task<string> CollectionAsync(this RunningControl control, string host = "*", string basePath = "", string name = "Things")
    {
        var domain = await control.CallAsync("POST", "/domains", $$"""{"host":"{{host}}"}""");
        return (await control.CallAsync("POST", "/collections", $$"""{"domain":"{{domain.Id}}","name":"{{name}}","basePath":"{{basePath}}"}""")).Id;
    }

    /// <summary>An endpoint's document, to be changed where a test wants something else.</summary>
    internal static JsonObject Endpoint(string collection, string name = "hello", string path = "/hello") => new()
    {
        ["collection"] = collection,
        ["name"] = name,
        ["method"] = "GET",
        ["path"] = path,
        ["source"] = new JsonObject { ["files"] = new JsonArray(new JsonObject { ["name"] = "Hello.cs", ["text"] = "class Hello;" }) },
    };
}
