using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace EdgeGw.Compiling.Tests;

/// <summary>From a source in the catalog to an answer: the gateway of this build in processes of its own, with real compilers, a real scout and a real worker.</summary>
public class LiveTests
{
    private Gateway _gateway = null!;

    [OneTimeSetUp]
    public async Task Start() => _gateway = await Gateway.StartAsync(new GatewayOptions
    {
        Program = Path.Combine(AppContext.BaseDirectory, "edgegw"),
        Environment = new Dictionary<string, string?> { ["EDGEGW_COMPILE__ENABLED"] = "true", ["EDGEGW_COMPILE__FEED"] = OneCompiler.Settings.Feed },
    });

    [OneTimeTearDown]
    public async Task Stop() => await _gateway.DisposeAsync();

    [Test]
    public async Task An_endpoint_is_written_refused_mended_deployed_and_answers()
    {
        var endpoint = await CreateAsync("greeting", "/greeting", "public static class H { [Handler] public static Response Get() => Response.Text(Wrong); }");
        var failed = await EndAsync(await PostAsync($"/api/v1/endpoints/{endpoint}/deploy", "{}", 202));
        Assert.That(failed.GetProperty("state").GetString(), Is.EqualTo("failed"));
        var error = failed.GetProperty("diagnostics")[0];
        Assert.That($"{error.GetProperty("file")}({error.GetProperty("line")},{error.GetProperty("column")}) {error.GetProperty("code")}", Is.EqualTo("Handler.cs(1,81) CS0103"));
        Assert.That((await GetAsync($"/api/v1/endpoints/{endpoint}")).GetProperty("state").GetString(), Is.EqualTo("failed"));

        await WriteAsync(endpoint, "public static class H { [Handler] public static Response Get() => Response.Text(\"right\"); }");
        var built = await EndAsync(await PostAsync($"/api/v1/endpoints/{endpoint}/deploy", "{}", 202));
        Assert.That(built.GetProperty("state").GetString(), Is.EqualTo("succeeded"), built.ToString());
        Assert.That(built.GetProperty("phases").EnumerateArray().Select(phase => phase.GetProperty("name").GetString()), Is.EqualTo((string[])["restore", "compile", "native", "link", "deploy"]));
        Assert.That(built.GetProperty("deployment").ValueKind, Is.EqualTo(JsonValueKind.Number));
        using var client = new HttpClient { BaseAddress = _gateway.Address };
        Assert.That(await client.GetStringAsync("/api/greeting"), Is.EqualTo("right"));
        Assert.That((await GetAsync($"/api/v1/endpoints/{endpoint}")).GetProperty("state").GetString(), Is.EqualTo("live"));

        var again = await EndAsync(await PostAsync($"/api/v1/endpoints/{endpoint}/compile", "", 202));
        Assert.That(again.GetProperty("cached").GetBoolean(), Is.True);
        Assert.That(again.GetProperty("sha256").GetString(), Is.EqualTo(built.GetProperty("sha256").GetString()));
        await PostAsync($"/api/v1/endpoints/{endpoint}/deploy", $$"""{"build":"{{failed.GetProperty("id")}}"}""", 409);
    }

    [Test]
    public async Task Progress_is_followed_and_a_build_is_cancelled()
    {
        var endpoint = await CreateAsync("slow", "/slow", "public static class H { [Handler] public static Response Get() => Response.Text(\"slow\"); }");
        var id = (await PostAsync($"/api/v1/endpoints/{endpoint}/compile", "", 202)).GetProperty("id").GetString();
        using var events = await _gateway.Control.GetAsync($"/api/v1/builds/{id}/events", HttpCompletionOption.ResponseHeadersRead);
        Assert.That(events.Content.Headers.ContentType!.MediaType, Is.EqualTo("text/event-stream"));
        using var cancelled = await _gateway.Control.DeleteAsync($"/api/v1/builds/{id}");
        Assert.That(cancelled.StatusCode, Is.EqualTo(HttpStatusCode.Accepted));
        var told = await events.Content.ReadAsStringAsync();
        Assert.That(told, Does.Contain("\"state\":\"cancelled\"").And.Contain("event: build"));
        using var late = await _gateway.Control.DeleteAsync($"/api/v1/builds/{id}");
        Assert.That(late.StatusCode, Is.EqualTo(HttpStatusCode.Conflict));
        Assert.That(Directory.EnumerateDirectories(Path.Combine(_gateway.State, "compile", "work")), Is.Empty);
    }

    [Test]
    public async Task The_compiler_says_whether_it_works_and_checks_a_source()
    {
        var status = await GetAsync("/api/v1/compiler");
        Assert.That(status.GetProperty("available").GetBoolean(), Is.True, status.ToString());
        Assert.That(status.GetProperty("sdk").GetString(), Does.StartWith("10."));
        var check = await PostAsync("/api/v1/compile", """{"method":"GET","path":"/x","files":[{"name":"A.cs","text":"class A { int x = y; }"}]}""", 200);
        Assert.That(check.GetProperty("ok").GetBoolean(), Is.False);
        Assert.That(check.GetProperty("diagnostics").EnumerateArray().Select(found => found.GetProperty("code").GetString()), Does.Contain("CS0103"));
        await PostAsync("/api/v1/compile", """{"method":"GET","path":"/x","files":[{"name":"../A.cs","text":""}]}""", 422);
        await PostAsync("/api/v1/compile", """{"files":[{"name":"A.cs"}]}""", 400);
        Assert.That((await GetAsync("/api/v1/templates")).GetProperty("items").GetArrayLength(), Is.EqualTo(8));
        Assert.That((await _gateway.Control.GetAsync("/api/v1/builds/none")).StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
    }

    [Test]
    public async Task A_bundle_of_sources_is_compiled_and_served_as_one_epoch_or_not_at_all()
    {
        const string yaml = """
            bundle: 1
            name: packed
            domains:
              packed.example.com:
                collections:
                  Packed:
                    endpoints:
                      packed-one: {method: GET, path: /one, files: {Handler.cs: one.cs}}
                      packed-off: {method: GET, path: /off, files: {Handler.cs: off.cs}, enabled: false}
            """;
        var before = (await GetAsync("/api/v1/status")).GetProperty("epoch").GetInt64();
        var refused = await ApplyAsync(yaml, "Wrong", 422);
        Assert.That(refused.GetProperty("reasons")[0].GetString(), Does.StartWith("packed-one: Handler.cs(1,81): CS0103: "));
        Assert.That((await GetAsync("/api/v1/endpoints?q=packed")).GetProperty("items").GetArrayLength(), Is.Zero);

        var made = await ApplyAsync(yaml, "\"one\"", 201);
        Assert.That(made.GetProperty("epoch").GetInt64(), Is.EqualTo(before + 1));
        using var client = new HttpClient { BaseAddress = _gateway.Address, DefaultRequestHeaders = { Host = "packed.example.com" } };
        Assert.That(await client.GetStringAsync("/one"), Is.EqualTo("one"));
        Assert.That((await client.GetAsync("/off")).StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That((await ApplyAsync(yaml, "\"one\"", 200)).GetProperty("changed").GetBoolean(), Is.False);
    }

    private async Task<JsonElement> ApplyAsync(string yaml, string answer, int status)
    {
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, text) in ((string, string)[])[("bundle.yaml", yaml), ("one.cs", $"public static class H {{ [Handler] public static Response Get() => Response.Text({answer}); }}"), ("off.cs", "class Off;")])
            {
                using var entry = zip.CreateEntry(name).Open();
                entry.Write(System.Text.Encoding.UTF8.GetBytes(text));
            }
        }
        using var content = new ByteArrayContent(bytes.ToArray()) { Headers = { ContentType = new("application/zip") } };
        // It answers when all is compiled, which takes its time where the kit is to be made first.
        using var patient = Http.OverUnixSocket(Path.Combine(_gateway.State, "control.sock"));
        patient.Timeout = Timeout.InfiniteTimeSpan;
        using var response = await patient.PostAsync("/api/v1/bundles?deploy=true", content);
        var said = await response.Content.ReadAsStringAsync();
        Assert.That((int)response.StatusCode, Is.EqualTo(status), said);
        return JsonDocument.Parse(said).RootElement;
    }

    private async Task<string> CreateAsync(string name, string path, string text)
    {
        var domain = await IdAsync("/api/v1/domains", "host", "*", """{"host":"*","description":""}""");
        var collection = await IdAsync("/api/v1/collections", "name", "api", $$"""{"domain":"{{domain}}","name":"api","basePath":"/api","description":""}""");
        var document = await PostAsync("/api/v1/endpoints", Document(name, collection, path, text), 201);
        return document.GetProperty("id").GetString()!;
    }

    private async Task WriteAsync(string endpoint, string text)
    {
        var now = await GetAsync($"/api/v1/endpoints/{endpoint}");
        using var request = new HttpRequestMessage(HttpMethod.Put, $"/api/v1/endpoints/{endpoint}")
        {
            Content = Json(Document(now.GetProperty("name").GetString()!, now.GetProperty("collection").GetString()!, now.GetProperty("path").GetString()!, text)),
        };
        request.Headers.TryAddWithoutValidation("If-Match", $"\"{now.GetProperty("revision")}\"");
        using var answer = await _gateway.Control.SendAsync(request);
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK), await answer.Content.ReadAsStringAsync());
    }

    private static string Document(string name, string collection, string path, string text) =>
        $$$"""{"name":"{{{name}}}","collection":"{{{collection}}}","kind":"source","method":"GET","path":"{{{path}}}","source":{"files":[{"name":"Handler.cs","text":{{{JsonSerializer.Serialize(text)}}}}],"packages":[]}}""";

    private async Task<string> IdAsync(string path, string key, string value, string document)
    {
        var known = (await GetAsync(path)).GetProperty("items").EnumerateArray().FirstOrDefault(item => item.GetProperty(key).GetString() == value);
        return (known.ValueKind == JsonValueKind.Undefined ? await PostAsync(path, document, 201) : known).GetProperty("id").GetString()!;
    }

    private async Task<JsonElement> EndAsync(JsonElement build)
    {
        // The stream ends when the build does.
        await _gateway.Control.GetStringAsync($"/api/v1/builds/{build.GetProperty("id")}/events");
        return await GetAsync($"/api/v1/builds/{build.GetProperty("id")}");
    }

    private Task<JsonElement> GetAsync(string path) => _gateway.Control.GetFromJsonAsync<JsonElement>(path);

    private async Task<JsonElement> PostAsync(string path, string json, int status)
    {
        using var answer = await _gateway.Control.PostAsync(path, Json(json));
        var text = await answer.Content.ReadAsStringAsync();
        Assert.That((int)answer.StatusCode, Is.EqualTo(status), text);
        return JsonDocument.Parse(text).RootElement;
    }

    private static StringContent Json(string text) => new(text, System.Text.Encoding.UTF8, "application/json");
}
