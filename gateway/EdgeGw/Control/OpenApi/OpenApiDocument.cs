using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using EdgeGw.Control.Admin;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace EdgeGw.Control.OpenApi;

/// <summary>The Admin API's description (OpenAPI 3.1), made of <see cref="ApiOperations"/> and of the very types that the gateway reads and writes with.</summary>
internal static partial class OpenApiDocument
{
    private const string Problem = "application/problem+json";

    private static readonly JsonSchemaExporterOptions s_schemas = new() { TreatNullObliviousAsNonNullable = true };
    private static readonly Lazy<byte[]> s_document = new(() => Make(ApiOperations.All));

    internal static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/api/v1/openapi.json", async context =>
    {
        context.Response.ContentType = "application/json";
        await context.Response.BodyWriter.WriteAsync(s_document.Value, context.RequestAborted);
    });

    private static byte[] Make(IReadOnlyList<ApiOperation> operations)
    {
        var schemas = new JsonObject();
        var paths = new JsonObject();
        foreach (var path in operations.GroupBy(operation => operation.Path))
        {
            var item = new JsonObject();
            foreach (var operation in path)
            {
                item[operation.Method.ToLowerInvariant()] = Describe(operation, schemas);
            }
            paths[path.Key] = item;
        }
        var document = new JsonObject
        {
            ["openapi"] = "3.1.0",
            ["info"] = new JsonObject { ["title"] = "Edge Gateway Admin API", ["version"] = typeof(OpenApiDocument).Assembly.GetName().Version!.ToString(3) },
            ["paths"] = paths,
            ["components"] = new JsonObject
            {
                ["schemas"] = schemas,
                ["securitySchemes"] = new JsonObject
                {
                    ["key"] = new JsonObject { ["type"] = "http", ["scheme"] = "bearer", ["description"] = "An API key, or the contents of admin.token." },
                    ["session"] = new JsonObject { ["type"] = "apiKey", ["in"] = "cookie", ["name"] = "edgegw_session", ["description"] = "With X-CSRF-Token for whatever changes something." },
                },
            },
            ["security"] = new JsonArray(new JsonObject { ["key"] = new JsonArray() }, new JsonObject { ["session"] = new JsonArray() }),
        };
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            document.WriteTo(writer);
        }
        return buffer.ToArray();
    }

    private static JsonObject Describe(ApiOperation operation, JsonObject schemas)
    {
        var parameters = new JsonArray();
        foreach (var name in PathParameter().Matches(operation.Path).Select(match => match.Groups[1].Value))
        {
            parameters.Add((JsonNode)Parameter("path", name, required: true));
        }
        foreach (var name in operation.Query)
        {
            parameters.Add((JsonNode)Parameter("query", name, required: false));
        }
        if (operation.IfMatch)
        {
            parameters.Add((JsonNode)Parameter("header", "If-Match", required: true));
        }
        var described = new JsonObject { ["summary"] = operation.Summary, ["parameters"] = parameters };
        if (operation.Body is not null || operation.BodyType is not null)
        {
            described["requestBody"] = new JsonObject { ["required"] = !operation.BodyOptional, ["content"] = Content(operation.Body, operation.BodyType, schemas) };
        }
        var responses = new JsonObject();
        foreach (var answer in operation.Answers)
        {
            var response = new JsonObject { ["description"] = answer.Status is 201 or 202 ? "It was done." : "Done, or as it was." };
            if (answer.Shape is not null || answer.MediaType is not null)
            {
                response["content"] = Content(answer.Shape, answer.MediaType, schemas);
            }
            responses[answer.Status.ToString(CultureInfo.InvariantCulture)] = response;
        }
        responses["default"] = new JsonObject { ["description"] = "Why it was not done (RFC 9457).", ["content"] = new JsonObject { [Problem] = new JsonObject { ["schema"] = Reference(ProblemJson.Default.Problem, schemas) } } };
        described["responses"] = responses;
        return described;
    }

    private static JsonObject Parameter(string place, string name, bool required) =>
        new() { ["name"] = name, ["in"] = place, ["required"] = required, ["schema"] = new JsonObject { ["type"] = "string" } };

    private static JsonObject Content(JsonTypeInfo? shape, string? mediaType, JsonObject schemas) =>
        new() { [mediaType ?? "application/json"] = shape is null ? new JsonObject() : new JsonObject { ["schema"] = Reference(shape, schemas) } };

    private static JsonObject Reference(JsonTypeInfo shape, JsonObject schemas)
    {
        var name = Name(shape.Type);
        if (!schemas.ContainsKey(name))
        {
            var schema = shape.GetJsonSchemaAsNode(s_schemas);
            Rebase(schema, "#/components/schemas/" + name);
            schemas[name] = schema;
        }
        return new JsonObject { ["$ref"] = "#/components/schemas/" + name };
    }

    // The exporter's references are to the root of one schema, which has moved.
    private static void Rebase(JsonNode? node, string home)
    {
        if (node is JsonArray array)
        {
            foreach (var item in array)
            {
                Rebase(item, home);
            }
        }
        else if (node is JsonObject members)
        {
            if (members["$ref"] is JsonValue reference && reference.TryGetValue<string>(out var target) && target.StartsWith('#'))
            {
                members["$ref"] = home + target[1..];
            }
            // What may be null is left out by some of the gateway's writers.
            if (members["required"] is JsonArray required && members["properties"] is JsonObject properties)
            {
                members["required"] = new JsonArray([.. required.Select(name => name!.GetValue<string>()).Where(name => properties[name]?["type"] is not JsonArray).Select(name => (JsonNode)name)]);
            }
            foreach (var member in members.Select(pair => pair.Value).ToList())
            {
                Rebase(member, home);
            }
        }
    }

    private static string Name(Type type) => type.IsGenericType ? string.Concat(type.GetGenericArguments().Select(Name)) + type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)] : type.Name;

    [GeneratedRegex(@"\{(\w+)\}")]
    private static partial Regex PathParameter();
}
