using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using EdgeGw.Tests.Identity;

namespace EdgeGw.Tests.Control.OpenApi;

/// <summary>Makes every call of the Admin API once, each so that it is done, one after the other.</summary>
internal sealed class ApiCalls(RunningControl control)
{
    private const string Password = "correct horse battery";

    private readonly Dictionary<string, string> _kept = [];
    private byte[] _bundle = [];

    /// <summary>The calls with their answers.</summary>
    internal async IAsyncEnumerable<(string Operation, HttpStatusCode Status, string? MediaType, string Text)> MakeAsync()
    {
        foreach (var (operation, path, body, ifMatch) in All())
        {
            using var request = new HttpRequestMessage(new HttpMethod(operation.Split(' ')[0]), "/api/v1" + Fill(path)) { Content = body is string json ? new StringContent(Fill(json), Encoding.UTF8, "application/json") : body as HttpContent };
            if (ifMatch)
            {
                request.Headers.TryAddWithoutValidation("If-Match", "*");
            }
            using var answer = await control.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            var endless = answer.Content.Headers.ContentType?.MediaType == "text/event-stream";
            var text = endless ? "" : await answer.Content.ReadAsStringAsync();
            _bundle = operation == "GET /bundles/export" ? await answer.Content.ReadAsByteArrayAsync() : _bundle;
            if (answer.StatusCode == HttpStatusCode.Created && answer.Content.Headers.ContentType?.MediaType == "application/json" && JsonSerializer.Deserialize<JsonElement>(text) is var made && made.TryGetProperty("id", out var id))
            {
                _kept[path.Split('/')[1]] = id.ToString();
            }
            var name = operation.Split(' ')[1];
            yield return ($"{request.Method} /api/v1{name}", answer.StatusCode, answer.Content.Headers.ContentType?.MediaType, text);
        }
    }

    // The operation, the path with what was made before in it, the body, and whether it wants If-Match.
    private IEnumerable<(string Operation, string Path, object? Body, bool IfMatch)> All()
    {
        yield return Call("GET /openapi.json");
        yield return Call("GET /setup");
        yield return Call("POST /setup", body: $$"""{"token":"{{Browser.Token(control)}}","user":"ann","password":"{{Password}}"}""");
        yield return Call("POST /session", body: $$"""{"user":"ann","password":"{{Password}}"}""");
        yield return Call("GET /session");
        yield return Call("GET /users");
        yield return Call("POST /users", body: $$"""{"name":"bob","password":"{{Password}}","scopes":["read"]}""");
        yield return Call("GET /users/{name}", "/users/bob");
        yield return Call("PUT /users/{name}", "/users/bob", """{"name":"bob","scopes":["deploy"],"enabled":true}""", ifMatch: true);
        yield return Call("DELETE /users/{name}", "/users/bob", ifMatch: true);
        yield return Call("POST /keys", body: """{"name":"ci","scopes":["deploy"]}""");
        yield return Call("GET /keys");
        yield return Call("GET /keys/{id}", "/keys/{keys}");
        yield return Call("DELETE /keys/{id}", "/keys/{keys}", ifMatch: true);
        yield return Call("GET /audit");
        yield return Call("GET /requests");

        yield return Call("POST /domains", body: """{"host":"*"}""");
        yield return Call("GET /domains");
        yield return Call("GET /domains/{id}", "/domains/{domains}");
        yield return Call("PUT /domains/{id}", "/domains/{domains}", """{"host":"*","description":"everything"}""", ifMatch: true);
        yield return Call("POST /collections", body: """{"domain":"{domains}","name":"Things","shared":[{"name":"A.cs","text":"class A;"}]}""");
        yield return Call("GET /collections");
        yield return Call("GET /collections/{id}", "/collections/{collections}");
        yield return Call("PUT /collections/{id}", "/collections/{collections}", """{"domain":"{domains}","name":"Things"}""", ifMatch: true);
        yield return Call("POST /endpoints", body: """{"collection":"{collections}","name":"hello","kind":"library","limits":{"deadlineMs":500},"settings":{"a":"b"}}""");
        yield return Call("GET /endpoints");
        yield return Call("PUT /endpoints/{id}", "/endpoints/{endpoints}", """{"collection":"{collections}","name":"hello","description":"says hello"}""", ifMatch: true);
        yield return Call("POST /deployments", body: RunningControl.Handler("hello", 1));
        yield return Call("POST /deployments", body: RunningControl.Handler("hello", 2));
        yield return Call("GET /endpoints/{id}", "/endpoints/{endpoints}");
        yield return Call("GET /endpoints/{id}/versions", "/endpoints/{endpoints}/versions");
        yield return Call("GET /endpoints/{id}/versions/{version}", "/endpoints/{endpoints}/versions/1");
        yield return Call("POST /endpoints/{id}/rollback", "/endpoints/{endpoints}/rollback", """{"version":1}""");
        yield return Call("POST /rollbacks", body: """{"epoch":2}""");
        yield return Call("POST /endpoints/{id}/disable", "/endpoints/{endpoints}/disable");
        yield return Call("POST /endpoints/{id}/enable", "/endpoints/{endpoints}/enable");
        yield return Call("GET /deployments");
        yield return Call("GET /deployments/{id}", "/deployments/1");
        yield return Call("GET /bundles/export");
        yield return Call("POST /bundles", "/bundles?dryRun=true", Bundle());
        yield return Call("POST /imports/openapi", "/imports/openapi?dryRun=true", """{"openapi":"3.0.0","info":{"title":"Pets","version":"1"},"paths":{"/pets":{"get":{"responses":{"200":{"description":"ok"}}}}}}""");
        yield return Call("GET /canaries");
        yield return Call("GET /compiler");
        yield return Call("GET /templates");
        yield return Call("GET /builds");
        yield return Call("DELETE /handlers/{name}", "/handlers/hello");
        yield return Call("DELETE /endpoints/{id}", "/endpoints/{endpoints}", ifMatch: true);
        yield return Call("DELETE /collections/{id}", "/collections/{collections}", ifMatch: true);
        yield return Call("DELETE /domains/{id}", "/domains/{domains}", ifMatch: true);

        yield return Call("GET /status");
        yield return Call("GET /routes");
        yield return Call("GET /epochs");
        yield return Call("GET /crashes");
        yield return Call("GET /crashes/{id}", "/crashes/1");
        yield return Call("GET /stuck");
        yield return Call("GET /logs");
        yield return Call("GET /events", "/events?metrics=100");
        yield return Call("GET /services");
        yield return Call("GET /services/providers");
        yield return Call("PUT /services/{kind}/{name}", "/services/cache/more", """{"provider":"memory"}""");
        yield return Call("GET /services/{kind}/{name}", "/services/cache/more");
        yield return Call("POST /services/{kind}/{name}/disable", "/services/cache/more/disable");
        yield return Call("POST /services/{kind}/{name}/enable", "/services/cache/more/enable");
        yield return Call("POST /services/test", body: """{"kind":"cache","name":"x","provider":"memory"}""");
        yield return Call("POST /services/{kind}/{name}/migrate", "/services/database/main/migrate", """[{"name":"0001_a.sql","sql":"SELECT 1"}]""");
        yield return Call("DELETE /services/{kind}/{name}", "/services/cache/more");
        yield return Call("PUT /secrets/{name}", "/secrets/word", """{"value":"xyzzy"}""");
        yield return Call("GET /secrets");
        yield return Call("DELETE /secrets/{name}", "/secrets/word");
        yield return Call("POST /try", body: """{"method":"GET","path":"/"}""");
        yield return Call("POST /reload");
        yield return Call("DELETE /session");
    }

    private static (string Operation, string Path, object? Body, bool IfMatch) Call(string operation, string? path = null, object? body = null, bool ifMatch = false) =>
        (operation, path ?? operation.Split(' ')[1], body, ifMatch);

    private ByteArrayContent Bundle() => new(_bundle) { Headers = { ContentType = new MediaTypeHeaderValue("application/zip") } };

    private string Fill(string text) => _kept.Aggregate(text, (filled, pair) => filled.Replace($"{{{pair.Key}}}", pair.Value, StringComparison.Ordinal));
}
