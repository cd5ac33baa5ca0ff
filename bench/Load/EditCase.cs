using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using EdgeGw.Tests.Support;

namespace EdgeGw.Load;

/// <summary>From a saved edit of the hello template to the first answer of the new version, compiled in the gateway.</summary>
internal static class EditCase
{
    private const int Edits = 10;

    /// <summary>Measures it, and the build's phases.</summary>
    public static async Task<Outcome> RunAsync(Plan plan)
    {
        var machine = Report.Machine();
        await using var gateway = await Gateway.StartAsync(new()
        {
            Environment = new Dictionary<string, string?> { ["EDGEGW_COMPILE__ENABLED"] = "true", ["EDGEGW_COMPILE__FEED"] = Repository.Path("artifacts/packages") },
        });
        var compiler = await gateway.Control.GetFromJsonAsync<JsonElement>("/api/v1/compiler");
        var endpoint = await CreateAsync(gateway.Control);
        using var client = Http.Http11(gateway.Address);
        var (total, phases) = (new List<double>(), new Dictionary<string, List<double>>());
        // The first one gets the tools ready, once a gateway, and is not counted.
        for (var edit = 0; edit <= Edits; edit++)
        {
            var started = Stopwatch.GetTimestamp();
            var build = await EditAsync(gateway.Control, endpoint, edit);
            var answer = await client.GetStringAsync("/hello");
            var ms = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
            if (answer != $"Hello, edit {edit}!\n")
            {
                throw new InvalidOperationException($"After edit {edit} the answer was '{answer}'; the build: {build}");
            }
            if (edit == 0)
            {
                continue;
            }
            total.Add(ms);
            foreach (var phase in build.GetProperty("phases").EnumerateArray())
            {
                var name = phase.GetProperty("name").GetString()!;
                phases[name] = [.. phases.GetValueOrDefault(name, []), phase.GetProperty("ms").GetDouble()];
            }
        }
        var figures = new Dictionary<string, double[]> { ["edit to live"] = [.. total] };
        foreach (var (name, values) in phases)
        {
            figures[$"phase {name}"] = [.. values];
        }
        var text = new StringBuilder().AppendLine(Report.Title("Edits")).AppendLine();
        text.AppendLine(CultureInfo.InvariantCulture, $"From the request that saves an edited hello template, over its deploy, to the first answer of the new version; {Edits} edits after one that gets the tools ready. {machine}.");
        text.AppendLine(CultureInfo.InvariantCulture, $"SDK {compiler.GetProperty("sdk").GetString()}. {(compiler.GetProperty("isolation").GetString() is { Length: > 0 } lacking ? lacking : "Compilers in the sandbox of bubblewrap.")}");
        text.AppendLine().AppendLine("| what | median ms | least | most |").AppendLine("|---|---|---|---|");
        foreach (var (name, values) in figures)
        {
            var ordered = values.Order().ToArray();
            text.AppendLine(CultureInfo.InvariantCulture, $"| {name} | {Report.Median(ordered):0} | {ordered[0]:0} | {ordered[^1]:0} |");
        }
        return new(text.ToString(), [], figures);
    }

    private static async Task<string> CreateAsync(HttpClient control)
    {
        var domain = await SendAsync(control, HttpMethod.Post, "domains", new { host = "*", description = "" });
        var collection = await SendAsync(control, HttpMethod.Post, "collections", new { domain = domain.GetProperty("id").GetString(), name = "edits", basePath = "", description = "" });
        var templates = await control.GetFromJsonAsync<JsonElement>("/api/v1/templates");
        var hello = templates.GetProperty("items").EnumerateArray().Single(template => template.GetProperty("id").GetString() == "hello");
        var endpoint = await SendAsync(control, HttpMethod.Post, "endpoints", new
        {
            collection = collection.GetProperty("id").GetString(),
            name = "hello",
            kind = "source",
            method = "GET",
            path = "/hello",
            source = new { files = hello.GetProperty("files"), packages = Array.Empty<string>() },
        });
        return endpoint.GetProperty("id").GetString()!;
    }

    // Saves the text with another greeting, deploys it, and waits for the build's end.
    private static async Task<JsonElement> EditAsync(HttpClient control, string endpoint, int edit)
    {
        var now = await control.GetFromJsonAsync<JsonElement>($"/api/v1/endpoints/{endpoint}");
        var file = now.GetProperty("source").GetProperty("files")[0];
        var before = edit == 0 ? "world" : $"edit {edit - 1}";
        var text = file.GetProperty("text").GetString()!.Replace(before, $"edit {edit}", StringComparison.Ordinal);
        await SendAsync(
            control, HttpMethod.Put, $"endpoints/{endpoint}",
            new { collection = now.GetProperty("collection"), name = "hello", kind = "source", method = "GET", path = "/hello", source = new { files = new[] { new { name = file.GetProperty("name"), text } }, packages = Array.Empty<string>() } },
            now.GetProperty("revision").GetInt64());
        var begun = await SendAsync(control, HttpMethod.Post, $"endpoints/{endpoint}/deploy", new { });
        var id = begun.GetProperty("id").GetString();
        await control.GetStringAsync($"/api/v1/builds/{id}/events"); // the stream ends with the build
        return await control.GetFromJsonAsync<JsonElement>($"/api/v1/builds/{id}");
    }

    private static async Task<JsonElement> SendAsync(HttpClient control, HttpMethod method, string path, object body, long? revision = null)
    {
        using var request = new HttpRequestMessage(method, $"/api/v1/{path}") { Content = JsonContent.Create(body) };
        if (revision is not null)
        {
            request.Headers.TryAddWithoutValidation("If-Match", $"\"{revision}\"");
        }
        using var response = await control.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return response.IsSuccessStatusCode ? JsonDocument.Parse(text).RootElement : throw new InvalidOperationException($"{method} {path}: {text}");
    }
}
