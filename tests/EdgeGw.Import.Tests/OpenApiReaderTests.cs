using System.Text;

namespace EdgeGw.Import.Tests;

/// <summary>What a document says becomes types and routes; what it cannot mean is a sentence with its place.</summary>
public sealed class OpenApiReaderTests
{
    private const string Get = "/a:\n  get: {responses: {'200': {description: ok}}}";

    [TestCase("swagger: '2.0'", "api.yaml:1:10: The document is Swagger 2.0; OpenAPI 3.0 and 3.1 are read: convert it first.")]
    [TestCase("openapi: 4.0.0", "api.yaml:1:10: The document is OpenAPI '4.0.0'; 3.0 and 3.1 are read.")]
    [TestCase("{\"a\": 1}", "api.yaml:1:1: This is not an OpenAPI document: it has no 'openapi: 3.x'.")]
    [TestCase("openapi: 3.0.0", "api.yaml:1:1: The document has no operations: 'paths' is missing or empty.")]
    [TestCase("[]", "api.yaml:1:1: An OpenAPI document must be a mapping, not a list.")]
    [TestCase("{\"a\": 1,}", "api.yaml:1:9: This is not JSON: it cannot be understood from here on.")]
    [TestCase("{\"a\": 1,\n \"a\": 2}", "api.yaml:2:2: The key 'a' is given twice; the first one is at 1:2.")]
    [TestCase("openapi: 3.0.0\npaths:\n  /a: &a\n    get: *a", "api.yaml:4:10: '*a' stands for something that it is a part of.")]
    public void What_is_no_OpenAPI_document_is_said(string text, string sentence) => Assert.That(Specs.Read(text).Faults, Is.EqualTo((string[])[sentence]));

    [TestCase("a:\n  get: {}", "api.yaml:4:3: The path 'a' must begin with '/'.")]
    [TestCase("/a/{b}.json:\n  get: {}", "api.yaml:4:3: The path '/a/{b}.json' cannot be routed: The pattern '/a/{b}.json' is not valid: '{b}.json' is not of the form {name}, {n…")]
    [TestCase("/a/{b}:\n  get: {}\n/a/{c}:\n  get: {}", "api.yaml:7:5: GET /a/{c} matches the same requests as the operation at 5:5.")]
    [TestCase("/a:\n  get: {operationId: x}\n/b:\n  get: {operationId: x}", "api.yaml:7:24: The operationId 'x' is given twice; the first one is at 5:24.")]
    [TestCase("/a:\n  get: {parameters: [{name: x}]}", "api.yaml:5:24: A parameter needs a 'name', and an 'in' that is path, query, header or cookie.")]
    [TestCase("/a:\n  get: {requestBody: {$ref: '#/components/requestBodies/None'}}", "api.yaml:5:31: '#/components/requestBodies/None' leads nowhere: the document has no such place.")]
    [TestCase("/a:\n  get: {requestBody: {$ref: 'http://169.254.169.254/latest'}}", "api.yaml:5:31: 'http://169.254.169.254/latest' leads out of this document; only '#/…' is followed, nothing is fetched: put what it stands for into the document.")]
    [TestCase("/a:\n  get: {requestBody: {$ref: '#/paths/~1a/get/requestBody'}}", "api.yaml:5:31: '#/paths/~1a/get/requestBody' leads back to itself, or through more than 32 others.")]
    [TestCase("/a:\n  get: {responses: {'200': {content: {application/json: {schema: {type: thing}}}}}}", "api.yaml:5:75: 'thing' is not a type; there are object, array, string, integer, number, boolean and null.")]
    public void What_an_operation_cannot_mean_is_said(string paths, string sentence) => Assert.That(Specs.Read(Specs.Of(paths)).Faults, Is.EqualTo((string[])[sentence]));

    [Test]
    public void A_document_over_the_bounds_is_refused_at_once()
    {
        Assert.That(Specs.Read(new string(' ', (4 << 20) + 1)).Faults, Is.EqualTo((string[])["api.yaml: It has 4194305 bytes; 4194304 are allowed."]));
        var many = Specs.Of(string.Join('\n', Enumerable.Range(0, 201).Select(i => $"/p{i}:\n  get: {{}}")));
        Assert.That(Specs.Read(many).Faults, Is.EqualTo((string[])["api.yaml:405:5: The document has more than 200 operations, the most that Import:MaxOperations allows."]));
        var wide = "{\"openapi\":\"3.0.0\",\"x\":[" + string.Join(',', Enumerable.Repeat("0", 200_001)) + "]}";
        Assert.That(Specs.Read(wide).Faults.Single(), Does.Contain("more than 200000 values"));
        var deep = "{\"x\":" + new string('[', 200) + new string(']', 200) + "}";
        Assert.That(Specs.Read(deep).Faults.Single(), Does.Contain("100 deep").Or.Contain("cannot be understood"));
    }

    [TestCase("url: /v1/", "/v1")]
    [TestCase("url: https://api.example.com", "")]
    [TestCase("url: 'https://{host}/{base}', variables: {host: {default: h}, base: {default: v2}}", "/v2")]
    public void The_servers_path_is_the_base_path(string server, string expected) =>
        Assert.That(Specs.Read(Specs.Of(Get) + $"servers: [{{{server}}}]\n").Api!.BasePath, Is.EqualTo(expected));

    [Test]
    public void JSON_and_YAML_of_one_document_give_the_same()
    {
        const string json = """{"openapi":"3.1.0","info":{"title":"t","version":"1"},"paths":{"/a/{id}":{"get":{"operationId":"get\u0041","parameters":[{"name":"id","in":"path","required":true,"schema":{"type":["integer","null"]}}],"responses":{"201":{"description":"ok"}}}}}}""";
        const string yaml = "openapi: 3.1.0\ninfo: {title: t, version: '1'}\npaths:\n  /a/{id}:\n    get:\n      operationId: getA\n      parameters: [{name: id, in: path, required: true, schema: {type: [integer, 'null']}}]\n      responses: {'201': {description: ok}}\n";
        Assert.That(Specs.Read(json).Api!.Operations, Is.EqualTo(Specs.Read(yaml).Api!.Operations));
    }

    [Test]
    public void Schemas_become_types()
    {
        var models = Specs.Read(Specs.Of("""
            /a:
              get:
                responses: {'200': {content: {application/json: {schema: {$ref: '#/components/schemas/All'}}}}}
            """, """
            Base: {type: object, required: [id], properties: {id: {type: string, format: uuid}}}
            All:
              allOf:
                - $ref: '#/components/schemas/Base'
                - type: object
                  required: [kind]
                  properties:
                    kind: {type: [string, 'null'], enum: [a b, 'c"d', null]}
                    when: {type: string, format: date}
                    parent: {$ref: '#/components/schemas/All'}
                    self: {$ref: '#/components/schemas/Loop'}
                    any: {oneOf: [{type: string}, {type: integer}]}
                    maybe: {anyOf: [{$ref: '#/components/schemas/Base'}, {type: 'null'}]}
                    map: {type: object, additionalProperties: {type: array, items: {type: number, format: float}}}
                    class: {type: integer, format: int32}
                    All: {type: boolean}
            Loop: {type: array, items: {$ref: '#/components/schemas/Loop'}}
            """)).Api!.Models;

        using var scope = Assert.EnterMultipleScope();
        foreach (var line in (string[])
            [
                "public required Guid Id { get; set; }", "public required Models.AllKind? Kind { get; set; }", "public DateOnly? When { get; set; }", "public Models.All? Parent { get; set; }",
                "public List<System.Text.Json.JsonElement>? Self { get; set; }", "public System.Text.Json.JsonElement? Any { get; set; }", "public Models.Base? Maybe { get; set; }",
                "public Dictionary<string, List<float>>? Map { get; set; }", "public int? Class { get; set; }", "public bool? All2 { get; set; }", "[JsonStringEnumMemberName(\"c\\\"d\")]",
            ])
        {
            Assert.That(models, Does.Contain(line));
        }
    }

    [Test]
    public void Hostile_names_and_texts_are_safe_code()
    {
        var paths = new StringBuilder();
        string[] names = ["class", "Response", "System", "Models", "名前", "🚀", "\"; System.IO.File.Delete(\"/\"); //", "a\nb", "*/ evil /*", "\u2028x", "1st", "", "List", "record", "Equals", "__", "String", "Text", "@if"];
        var components = new StringBuilder();
        for (var i = 0; i < names.Length; i++)
        {
            var name = System.Text.Json.JsonSerializer.Serialize(names[i] + (i % 3 == 0 ? "" : i));
            paths.Append("""
                /pNUM/{ NUMx-y }:
                  post:
                    operationId: NAME
                    summary: NAME
                    parameters: [{name: NAME, in: query, required: true, description: NAME}, {name: ' NUMx-y ', in: path, schema: {type: boolean}}, {name: NAME, in: header}]
                    requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/SNUM'}}}}
                    responses: {'200': {content: {application/json: {schema: {title: NAME, type: object, properties: { NAME: {type: string, enum: [NAME, 'NUM'], description: NAME}, extra: {$ref: '#/components/schemas/SNUM'}}}}}}}

                """.Replace("NUM", $"{i}", StringComparison.Ordinal).Replace("HALF", name[..^1], StringComparison.Ordinal).Replace("NAME", name, StringComparison.Ordinal));
            components.Append("""
                SNUM: {type: object, required: [NAME], description: NAME, properties: { NAME: {type: string, example: NAME}, list: {type: array, items: {type: [string, 'null']}}, HALF_2": {type: array, items: {type: string}}}}

                """.Replace("NUM", $"{i}", StringComparison.Ordinal).Replace("HALF", name[..^1], StringComparison.Ordinal).Replace("NAME", name, StringComparison.Ordinal));
        }
        foreach (var type in (string[])["Models", "System", "List", "ModelsJson", "Guid", "String", "NullableKind", "Kind", "StringList", "TextList", "JsonPropertyName", "EdgeGw", "global"])
        {
            paths.Append(null, $"/t{type}:\n  get: {{responses: {{'200': {{content: {{application/json: {{schema: {{$ref: '#/components/schemas/{type}'}}}}}}}}}}}}\n");
            components.Append(null, $"{type}: {{type: object, properties: {{id: {{type: string, format: uuid}}, kind: {{type: string, enum: [x]}}, list: {{type: array, items: {{$ref: '#/components/schemas/{type}'}}}}}}}}\n");
        }

        var (api, faults) = Specs.Read(Specs.Of(paths.ToString().TrimEnd(), components.ToString().TrimEnd()));

        Assert.That(faults, Is.Empty);
        Assert.That(Compiled.Of(api!).Messages, Is.Empty);
    }
}
