using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeGw.Tests.Control;
using EdgeGw.Tests.Control.Catalog;

namespace EdgeGw.Tests.Importing;

/// <summary>An OpenAPI document becomes a collection of the catalog, and again it is the same one.</summary>
public sealed class ImportApiTests
{
    private static readonly string s_petstore = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Assets", "petstore.yaml"));

    private const string Small = """
        openapi: 3.0.3
        info: {title: Things, version: '1'}
        servers: [{url: /v1}]
        paths:
          /a: {get: {operationId: getA, responses: {'200': {content: {application/json: {schema: {$ref: '#/components/schemas/A'}}}}}}}
          /b: {get: {operationId: getB, responses: {'204': {description: none}}}}
        components: {schemas: {A: {type: object, properties: {id: {type: integer}}}}}

        """;

    [Test]
    public async Task The_Petstore_becomes_a_collection_and_again_it_is_the_same()
    {
        await using var control = await RunningControl.StartAsync();

        var looked = await ImportAsync(control, s_petstore, "?collection=petstore&domain=api.example.com&dryRun=true");
        var nothing = await control.CallAsync("GET", "/endpoints");
        var made = await ImportAsync(control, s_petstore, "?collection=petstore&domain=api.example.com");
        var again = await ImportAsync(control, s_petstore, "?collection=petstore&domain=api.example.com");

        using var scope = Assert.EnterMultipleScope();
        Assert.That((looked.Status, looked.Text("applied"), looked.Text("collection"), nothing.Items.Length), Is.EqualTo((200, "False", "", 0)));
        Assert.That((made.Status, made.Text("applied")), Is.EqualTo((201, "True")));
        Assert.That(Diff(made), Is.EqualTo(Diff(looked)));
        Assert.That(Diff(made), Does.StartWith("added domain api.example.com, added collection petstore, added endpoint petstore-updatePet, "));
        Assert.That((again.Status, again.Text("applied"), Kinds(again)), Is.EqualTo((200, "False", "unchanged")));
        var endpoints = await control.CallAsync("GET", $"/endpoints?collection={made.Text("collection")}");
        Assert.That(endpoints.Items, Has.Length.EqualTo(19));
        Assert.That(endpoints.Items.Select(endpoint => endpoint.GetProperty("pattern").GetString()), Does.Contain("/api/v3/pet/{petId}/uploadImage"));
        var collection = await control.CallAsync("GET", $"/collections/{made.Text("collection")}");
        Assert.That(collection.Body.GetProperty("shared")[0].GetProperty("text").GetString(), Does.Contain("public sealed record Pet"));
    }

    [Test]
    public async Task A_changed_document_changes_what_is_different_and_nothing_else()
    {
        await using var control = await RunningControl.StartAsync();
        await ImportAsync(control, Small);
        var changed = Small.Replace("/b:", "/c:", StringComparison.Ordinal).Replace("operationId: getA", "operationId: otherA", StringComparison.Ordinal).Replace("integer", "string", StringComparison.Ordinal)
            .Replace("components:", "  /d: {put: {responses: {'200': {description: ok}}}}\ncomponents:", StringComparison.Ordinal);

        var made = await ImportAsync(control, changed);

        Assert.That(Diff(made), Is.EqualTo("changed collection Things, changed endpoint things-getA, changed endpoint things-getB, added endpoint things-put-d"));
        Assert.That(Details(made, 2), Is.EqualTo("GET /b → GET /c; its stub is different"));
        Assert.That(Kinds(await ImportAsync(control, changed)), Is.EqualTo("unchanged"));
        var back = await ImportAsync(control, Small);
        Assert.That(Diff(back), Does.EndWith("removed endpoint things-put-d"));
        Assert.That((await control.CallAsync("GET", "/endpoints")).Items, Has.Length.EqualTo(2));
    }

    [Test]
    public async Task What_somebody_wrote_is_never_written_over()
    {
        await using var control = await RunningControl.StartAsync();
        await ImportAsync(control, Small);
        await EditAsync(control, "things-getA", "// mine\n");
        await EditAsync(control, "things-getB", "// mine too\n");

        var moved = Small.Replace("/a: {get", "/a2: {get", StringComparison.Ordinal);
        var gone = string.Concat(moved.Split('\n').Where(line => !line.Contains("/b:", StringComparison.Ordinal)).Select(line => line + "\n"));
        var made = await ImportAsync(control, gone);

        using var scope = Assert.EnterMultipleScope();
        Assert.That(Diff(made), Is.EqualTo("unchanged collection Things, changed endpoint things-getA, conflict endpoint things-getB"));
        Assert.That(Details(made, 1), Is.EqualTo("GET /a → GET /a2; its source was written by hand and stays as it is"));
        Assert.That(await SourceAsync(control, "things-getA"), Does.EndWith("// mine\n"));
        Assert.That(await SourceAsync(control, "things-getB"), Does.EndWith("// mine too\n"));
    }

    [Test]
    public async Task What_serves_and_is_gone_from_the_document_is_taken_out_of_service()
    {
        await using var control = await RunningControl.StartAsync();
        await ImportAsync(control, Small);
        await control.DeployAsync(RunningControl.Handler("things-getB", 1, "/b"), "?prefix=/v1");

        var gone = string.Concat(Small.Split('\n').Where(line => !line.Contains("/b:", StringComparison.Ordinal)).Select(line => line + "\n"));
        var made = await ImportAsync(control, gone);

        Assert.That((made.Status, made.Text("epoch")), Is.EqualTo((201, "2")));
        Assert.That((await control.StatusAsync()).GetProperty("handlers").GetArrayLength(), Is.Zero);
    }

    [Test]
    public async Task A_change_that_the_worker_refuses_leaves_the_rows_as_they_were()
    {
        await using var control = await RunningControl.StartAsync();
        await ImportAsync(control, Small);
        await control.DeployAsync(RunningControl.Handler("things-getB", 1, "/b"), "?prefix=/v1");
        var gone = string.Concat(Small.Split('\n').Where(line => !line.Contains("/b:", StringComparison.Ordinal)).Select(line => line + "\n"))
            .Replace("/a: {get", "/a2: {get", StringComparison.Ordinal).Replace("components:", "  /d: {put: {responses: {'200': {description: ok}}}}\ncomponents:", StringComparison.Ordinal);
        await File.WriteAllTextAsync(control.Script("refuse-put"), "the worker does not like it");

        var refused = await ImportAsync(control, gone);
        File.Delete(control.Script("refuse-put"));
        var endpoints = (await control.CallAsync("GET", "/endpoints")).Items.Select(endpoint => $"{endpoint.GetProperty("name").GetString()} {endpoint.GetProperty("pattern").GetString()}").ToList();
        var made = await ImportAsync(control, gone);

        using var scope = Assert.EnterMultipleScope();
        Assert.That(refused.Status, Is.EqualTo(422));
        Assert.That(endpoints, Is.EqualTo((string[])["things-getA /v1/a", "things-getB /v1/b"]));
        Assert.That((made.Status, Diff(made)), Is.EqualTo((201, "unchanged collection Things, changed endpoint things-getA, added endpoint things-put-d, removed endpoint things-getB")));
        Assert.That((await control.CallAsync("GET", "/endpoints")).Items, Has.Length.EqualTo(2));
    }

    [Test]
    public async Task A_gateway_that_does_not_compile_says_so_and_imports_nothing_to_deploy()
    {
        await using var control = await RunningControl.StartAsync();
        var looked = await ImportAsync(control, Small, "?deploy=true&dryRun=true");
        var refused = await ImportAsync(control, Small, "?deploy=true");
        using var scope = Assert.EnterMultipleScope();
        Assert.That(looked.Body.GetProperty("deployed").EnumerateArray().Select(endpoint => endpoint.GetProperty("endpoint").GetString()), Is.EqualTo((string[])["things-getA", "things-getB"]));
        Assert.That((refused.Status, refused.Text("title")), Is.EqualTo((409, "This gateway does not compile: whoever runs it can switch that on with Compile:Enabled.")));
        Assert.That((await control.CallAsync("GET", "/domains")).Items, Is.Empty);
    }

    [Test]
    public async Task Routes_that_would_move_under_their_callers_have_to_be_meant_before_anything_is_compiled()
    {
        await using var control = await RunningControl.StartAsync(settings => settings.Compile.Enabled = true);
        await ImportAsync(control, Small);
        await control.DeployAsync(RunningControl.Handler("things-getB", 1, "/b"), "?prefix=/v1");
        var moved = Small.Replace("/b:", "/c:", StringComparison.Ordinal);

        var looked = await ImportAsync(control, moved, "?deploy=true&dryRun=true");
        var refused = await ImportAsync(control, moved, "?deploy=true");

        using var scope = Assert.EnterMultipleScope();
        Assert.That(looked.Body.GetProperty("diff")[2].GetProperty("breaking").GetBoolean(), Is.True);
        Assert.That((refused.Status, refused.Reasons[0]), Is.EqualTo((409, "endpoint things-getB: GET /b → GET /c (breaking); its stub is different.")));
        Assert.That((await control.CallAsync("GET", "/builds")).Items, Is.Empty);
    }

    [Test]
    public async Task A_document_that_collides_is_refused_whole()
    {
        await using var control = await RunningControl.StartAsync();
        await ImportAsync(control, Small);
        var other = await ImportAsync(control, Small, "?collection=other");
        Assert.That(other.Status, Is.EqualTo(422));
        Assert.That(other.Reasons, Has.Length.EqualTo(2).And.All.Contains("answers already"));
        Assert.That((await control.CallAsync("GET", "/collections")).Items, Has.Length.EqualTo(1));
    }

    [TestCase("{}", "", 422, "petstore.yaml:1:1: This is not an OpenAPI document")]
    [TestCase("a: [", "", 422, "petstore.yaml:")]
    [TestCase(Small, "?dryrun=true", 400, "'dryrun' is not a parameter of an import")]
    [TestCase(Small, "?domain=not a host", 422, "'not a host' is not a host")]
    public async Task What_cannot_be_imported_is_said(string document, string query, int status, string reason)
    {
        await using var control = await RunningControl.StartAsync();
        var answer = await ImportAsync(control, document, query);
        Assert.That(answer.Status, Is.EqualTo(status));
        Assert.That(answer.Reasons[0], Does.StartWith(reason));
        Assert.That((await control.CallAsync("GET", "/domains")).Items, Is.Empty);
    }

    [Test]
    public async Task A_document_over_the_limit_is_413_before_it_is_read()
    {
        await using var control = await RunningControl.StartAsync(settings => settings.Import.MaxBytes = 1_024);
        Assert.That((await ImportAsync(control, s_petstore)).Status, Is.EqualTo(413));
    }

    private static async Task<AdminAnswer> ImportAsync(RunningControl control, string document, string query = "")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/imports/openapi" + query) { Content = new StringContent(document, Encoding.UTF8, "application/yaml") };
        request.Headers.Add("X-File-Name", "petstore.yaml");
        using var answer = await control.Http.SendAsync(request);
        return new AdminAnswer((int)answer.StatusCode, JsonSerializer.Deserialize<JsonElement>(await answer.Content.ReadAsStringAsync()), null, null);
    }

    private static async Task EditAsync(RunningControl control, string name, string added)
    {
        var id = await IdAsync(control, name);
        var endpoint = JsonNode.Parse((await control.CallAsync("GET", "/endpoints/" + id)).Body.GetRawText())!.AsObject();
        var file = endpoint["source"]!["files"]![0]!;
        file["text"] = file["text"]!.GetValue<string>() + added;
        var written = new JsonObject();
        foreach (var member in (string[])["collection", "name", "method", "path", "description", "kind", "source", "services", "limits", "settings"])
        {
            written[member] = endpoint[member]?.DeepClone();
        }
        Assert.That((await control.CallAsync("PUT", "/endpoints/" + id, written.ToJsonString(), "*")).Status, Is.EqualTo(200));
    }

    private static async Task<string> SourceAsync(RunningControl control, string name) =>
        (await control.CallAsync("GET", "/endpoints/" + await IdAsync(control, name))).Body.GetProperty("source").GetProperty("files")[0].GetProperty("text").GetString()!;

    private static async Task<string> IdAsync(RunningControl control, string name) =>
        (await control.CallAsync("GET", "/endpoints")).Items.Single(endpoint => endpoint.GetProperty("name").GetString() == name).GetProperty("id").GetString()!;

    private static string Diff(AdminAnswer answer) => string.Join(", ", answer.Body.GetProperty("diff").EnumerateArray().Select(line => $"{line.GetProperty("kind").GetString()} {line.GetProperty("what").GetString()}"));

    private static string Kinds(AdminAnswer answer) => string.Join(' ', answer.Body.GetProperty("diff").EnumerateArray().Select(line => line.GetProperty("kind").GetString()).Distinct());

    private static string Details(AdminAnswer answer, int line) => string.Join("; ", answer.Body.GetProperty("diff")[line].GetProperty("details").EnumerateArray().Select(detail => detail.GetString()));
}
