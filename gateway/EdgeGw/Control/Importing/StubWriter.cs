using System.Globalization;
using System.Text;
using EdgeGw.Documents;

namespace EdgeGw.Control.Importing;

/// <summary>Writes the handler of one operation: it reads what the request has, typed, and answers the example. Method and path come from the build.</summary>
internal sealed class StubWriter(SpecReferences references, ModelBuilder models, ModelWriter writer, string name)
{
    private readonly StringBuilder _text = new();

    // Names that the method uses itself.
    private readonly NameScope _locals = new("request", "context", "body", "form", "answer", "models", "handle");

    /// <summary>The source.</summary>
    internal string Write(string method, string path, string description, IReadOnlyList<SpecParameter> parameters, DocumentMapping operation)
    {
        _text.Append(null, $"// {CSharpText.Comment($"{method} {path}")}\n");
        if (description.Length > 0)
        {
            _text.Append(null, $"/// <summary>{CSharpText.Summary(description)}</summary>\n");
        }
        _text.Append(null, $"public static class {name}Endpoint\n{{\n    [Handler]\n    public static Response Handle(Request request)\n    {{\n");
        var start = _text.Length;
        foreach (var parameter in parameters)
        {
            Parameter(parameter);
        }
        Body(operation);
        if (_text.Length > start)
        {
            _text.Append('\n');
        }
        Answer(operation);
        return _text.Append("    }\n}\n").ToString();
    }

    private void Parameter(SpecParameter parameter)
    {
        if (parameter is { In: "path", RouteName: "" })
        {
            return; // the path does not have it
        }
        var local = _locals.Take(CSharpText.Camel(parameter.Name, "p"));
        var type = models.Of(parameter.Schema, name + CSharpText.Pascal(parameter.Name, "Parameter")).Type;
        var key = CSharpText.Literal(parameter.In == "path" ? parameter.RouteName : parameter.Name);
        var parsed = type is SimpleType { IsParsed: true } simple ? simple.Name : null;
        var expression = parameter.In switch
        {
            "path" => parsed is null ? $"request.PathParam({key})" : $"request.RequirePathParam<{parsed}>({key})",
            "query" when type is ListType => List($"request.QueryAll({key})", $"request.Query({key})", parameter.IsExploded),
            "query" when parsed is not null => parameter.IsRequired ? $"request.RequireQuery<{parsed}>({key})" : $"request.QueryAs<{parsed}>({key})",
            "query" => $"request.Query({key})",
            "header" when type is ListType => List($"request.HeaderAll({key})", $"request.Header({key})", exploded: false),
            "header" => $"request.Header({key})",
            _ => $"request.Cookie({key})",
        };
        var isMissed = parameter.IsRequired && parameter.In != "path" && type is not ListType && !(parameter.In == "query" && parsed is not null);
        var missing = isMissed ? $"\n            ?? throw new HandlerError.BadRequest({CSharpText.Literal($"The {parameter.In} parameter '{CSharpText.Comment(parameter.Name)}' is missing.")})" : "";
        _text.Append(null, $"        var {local} = {expression}{missing};\n");
    }

    private static string List(string all, string one, bool exploded) =>
        exploded ? $"{all}.ToList()" : $"({one} ?? \"\").Split(',', StringSplitOptions.RemoveEmptyEntries).ToList()";

    private void Body(DocumentMapping operation)
    {
        var described = references.Mapping(operation.Find("requestBody"));
        var body = SpecBody.Of(described, references);
        if (body.IsJson)
        {
            var use = models.Of(body.Schema, name + "Body");
            var read = $"request.Json({writer.InfoOf(use.Type)})";
            var isRequired = described!.Find("required") is DocumentScalar { Text: "true" };
            _text.Append(isRequired ? $"        var body = {read};\n" : $"        {use.Type.Name}? body = request.Body.IsEmpty ? null : {read};\n");
        }
        else if (body.MediaType is "application/x-www-form-urlencoded" or "multipart/form-data")
        {
            _text.Append("        var form = request.Form();\n");
        }
        else if (body.MediaType is { } type)
        {
            _text.Append(type.StartsWith("text/", StringComparison.Ordinal) ? "        var body = request.BodyText();\n" : "        var body = request.Body;\n");
        }
    }

    private void Answer(DocumentMapping operation)
    {
        var (status, body) = SpecBody.Answer(operation, references);
        var code = status.ToString(CultureInfo.InvariantCulture);
        // These have no body, whatever the document says.
        if (body.MediaType is null || status is 204 or 205 or 304)
        {
            _text.Append(status == 204 ? "        return Response.NoContent();\n" : status == 200 ? "        return Response.Ok();\n" : $"        return Response.Ok().WithStatus({code});\n");
        }
        else if (body.IsJson)
        {
            var use = models.Of(body.Schema, name + "Answer");
            var sample = new SampleWriter(references).Value(use with { IsNullable = false }, body.Schema, body.Example);
            var type = body.MediaType == "application/json" ? "" : $".WithHeader(\"Content-Type\", {CSharpText.Literal(body.MediaType)})";
            _text.Append(null, $"        {use.Type.Name} answer = {sample};\n        return Response.Json(answer, {writer.InfoOf(use.Type)}{(status == 200 ? "" : $", {code}")}){type};\n");
        }
        else
        {
            var example = body.Example is DocumentScalar { IsNull: false } scalar ? scalar.Text : "text";
            var answer = body.MediaType switch
            {
                "text/plain" => $"Response.Text({CSharpText.Literal(example)}{(status == 200 ? "" : $", {code}")})",
                "text/html" => $"Response.Html({CSharpText.Literal(example)}{(status == 200 ? "" : $", {code}")})",
                var type => $"Response.Binary(System.Text.Encoding.UTF8.GetBytes({CSharpText.Literal(example)}), {CSharpText.Literal(type)}){(status == 200 ? "" : $".WithStatus({code})")}",
            };
            _text.Append(null, $"        return {answer};\n");
        }
    }
}
