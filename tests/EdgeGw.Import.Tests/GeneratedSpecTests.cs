using System.Text;
using CsCheck;

namespace EdgeGw.Import.Tests;

/// <summary>Whatever a document says of types, the code of it compiles.</summary>
public sealed class GeneratedSpecTests
{
    private const int Schemas = 12;

    private static readonly Gen<string> s_name = Const("id", "name", "class", "x-y", "Kind", "kind", "Text", "List", "größe", "1st", "value");

    // Flow style: everything on one line.
    private static readonly Gen<string> s_schema = Gen.Recursive<string>((depth, inner) => depth > 3 ? Simple : Gen.OneOf(
        Simple,
        inner.Select(item => $"{{type: array, items: {item}}}"),
        inner.Select(value => $"{{type: object, additionalProperties: {value}}}"),
        Gen.Select(s_name, inner, s_name, inner, Gen.Bool).Select((a, x, b, y, required) => $"{{type: object, required: [{(required ? a : "none")}], properties: {{{a}: {x}{(a == b ? "" : $", {b}: {y}")}}}}}"),
        Gen.Select(inner, inner).Select((a, b) => $"{{allOf: [{a}, {b}]}}"),
        Gen.Select(inner, Gen.Bool).Select((a, isNull) => $"{{oneOf: [{a}, {(isNull ? "{type: 'null'}" : "{type: string}")}]}}")));

    private static Gen<string> Simple => Gen.OneOf(
        Gen.Select(Const("string", "integer", "number", "boolean"), Const("", "int32", "float", "decimal", "date", "date-time", "uuid", "byte", "odd"), Gen.Bool, Const("", "3", "true", "a'b", "2026-02-30", "-1e400"))
            .Select((type, format, nullable, example) => $"{{type: {type}, format: '{format}', nullable: {(nullable ? "true" : "false")}, example: '{example.Replace("'", "''", StringComparison.Ordinal)}'}}"),
        Gen.Select(s_name, s_name).Select((a, b) => $"{{type: string, enum: [{a}, '{b} ', x]}}"),
        Gen.Select(s_name, s_name).Select((a, b) => $"{{type: string, enum: [{a}, {b}, null, '1']}}"),
        Gen.Int[0, Schemas - 1].Select(i => $"{{$ref: '#/components/schemas/S{i}'}}"),
        Const("{}", "true", "{enum: [a, b]}", "{type: object}", "{type: [string, integer]}", "{nullable: true, type: object, properties: {}}"));

    private static Gen<string> Const(params string[] choices) => Gen.Int[0, choices.Length - 1].Select(i => choices[i]);

    [Test]
    public void The_code_of_any_document_compiles_without_a_warning() => Gen.Select(s_schema.Array[Schemas], s_schema.Array[20], s_schema.Array[20]).Sample((schemas, bodies, answers) =>
    {
        var paths = new StringBuilder();
        for (var i = 0; i < bodies.Length; i++)
        {
            paths.Append(null, $"/p{i}:\n  post:\n    parameters: [{{name: a, in: query, schema: {answers[i]}}}, {{name: b, in: header, required: true, schema: {bodies[i]}}}]\n"
                + $"    requestBody: {{required: {(i % 2 == 0 ? "true" : "false")}, content: {{application/json: {{schema: {bodies[i]}}}}}}}\n    responses: {{'20{i % 3}': {{content: {{application/json: {{schema: {answers[i]}}}}}}}}}\n");
        }
        var (api, faults) = Specs.Read(Specs.Of(paths.ToString().TrimEnd(), string.Join('\n', schemas.Select((schema, i) => $"S{i}: {schema}"))));
        if (api is not null)
        {
            Assert.That(Compiled.Of(api).Messages, Is.Empty);
        }
        else
        {
            // A chain of references that is a circle; nothing else is made here that is wrong.
            Assert.That(faults, Has.All.Contain("leads back to itself"));
        }
    }, iter: int.TryParse(Environment.GetEnvironmentVariable("IMPORT_ROUNDS"), out var rounds) ? rounds : 4, threads: 1);
}
