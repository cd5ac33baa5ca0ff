using System.Text;
using EdgeGw.Control.Epochs;
using EdgeGw.Documents;
using EdgeGw.Pipeline.Match;

namespace EdgeGw.Control.Importing;

/// <summary>Reads an OpenAPI 3.0 or 3.1 document, YAML or JSON, and makes endpoints of it: stubs that compile and answer as the document says. What it does not need of a document it does not look at.</summary>
internal sealed class OpenApiReader
{
    private const int MostTitle = 200;

    private static readonly string[] s_methods = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

    private readonly DocumentFaults _faults;
    private readonly DocumentMapping _root;
    private readonly SpecReferences _references;
    private readonly ModelBuilder _models;
    private readonly ModelWriter _writer = new();
    private readonly int _mostOperations;
    private readonly NameScope _names = new();
    private readonly Dictionary<(string Method, string Shape), DocumentNode> _routes = [];
    private readonly Dictionary<string, DocumentNode> _ids = new(StringComparer.Ordinal);

    private OpenApiReader(DocumentMapping root, DocumentFaults faults, int mostOperations)
    {
        _root = root;
        _faults = faults;
        _mostOperations = mostOperations;
        _references = new SpecReferences(root, faults);
        _models = new ModelBuilder(_references, faults);
    }

    /// <summary>Reads a document; null when there are faults.</summary>
    internal static ImportedApi? Read(ReadOnlyMemory<byte> utf8, ImportBounds bounds, DocumentFaults faults)
    {
        try
        {
            var root = DocumentReader.Read(utf8, new DocumentBounds(bounds.MaxBytes, bounds.MaxNodes));
            if (root is not DocumentMapping mapping)
            {
                faults.Add(root, $"An OpenAPI document must be a mapping, not {root.Kind}.");
                return null;
            }
            var api = new OpenApiReader(mapping, faults, bounds.MaxOperations).Read();
            return faults.Count == 0 ? api : null;
        }
        catch (DocumentException e)
        {
            faults.Add(e.In(faults.File));
            return null;
        }
    }

    private ImportedApi? Read()
    {
        if (!IsKnownVersion())
        {
            return null;
        }
        var info = _references.Mapping(_root.Find("info"));
        var operations = new List<ImportedOperation>();
        foreach (var (path, item) in Paths())
        {
            if (_references.Mapping(item) is not { } members)
            {
                continue;
            }
            foreach (var (key, value) in members.Entries.Values.Where(entry => s_methods.Contains(entry.Key.Text)))
            {
                if (operations.Count == _mostOperations)
                {
                    _faults.Add(key, $"The document has more than {_mostOperations} operations, the most that Import:MaxOperations allows.");
                    return null;
                }
                if (_references.Mapping(value) is { } operation && Operation(path, key, members, operation) is { } read)
                {
                    operations.Add(read);
                }
            }
        }
        if (operations.Count == 0 && _faults.Count == 0)
        {
            _faults.Add(_root, "The document has no operations: 'paths' is missing or empty.");
        }
        return new ImportedApi(Text(info, "title", MostTitle), Text(info, "description", MostTitle), BasePath(), _writer.Write(_models.Declared), operations);
    }

    private bool IsKnownVersion()
    {
        if (_root.Find("openapi") is DocumentScalar version)
        {
            if (version.Text.StartsWith("3.0", StringComparison.Ordinal) || version.Text.StartsWith("3.1", StringComparison.Ordinal))
            {
                return true;
            }
            _faults.Add(version, $"The document is OpenAPI '{DocumentBudget.Shown(version.Text)}'; 3.0 and 3.1 are read.");
        }
        else if (_root.Find("swagger") is { } swagger)
        {
            _faults.Add(swagger, "The document is Swagger 2.0; OpenAPI 3.0 and 3.1 are read: convert it first.");
        }
        else
        {
            _faults.Add(_root, "This is not an OpenAPI document: it has no 'openapi: 3.x'.");
        }
        return false;
    }

    private IEnumerable<(DocumentScalar Path, DocumentNode Item)> Paths() =>
        _root.Find("paths") is DocumentMapping paths ? paths.Entries.Values.Where(entry => !entry.Key.Text.StartsWith("x-", StringComparison.Ordinal)).Select(entry => (entry.Key, entry.Value)) : [];

    // The path of the first server's URL, its variables with their defaults.
    private string BasePath()
    {
        if ((_root.Find("servers") as DocumentSequence)?.First is not { } first || _references.Mapping(first) is not { } server || server.Find("url") is not DocumentScalar { Text: var url } at)
        {
            return "";
        }
        foreach (var (name, variable) in (server.Find("variables") as DocumentMapping)?.Entries.Values ?? Enumerable.Empty<DocumentEntry>())
        {
            url = url.Replace($"{{{name.Text}}}", (_references.Mapping(variable)?.Find("default") as DocumentScalar)?.Text ?? "", StringComparison.Ordinal);
        }
        var scheme = url.IndexOf("://", StringComparison.Ordinal);
        var path = scheme < 0 ? url : url.IndexOf('/', scheme + 3) is >= 0 and var slash ? url[slash..] : "";
        path = path.Split('?', '#')[0].TrimEnd('/');
        if (path.Length > 0 && (!path.StartsWith('/') || path.Contains('{', StringComparison.Ordinal) || !RoutePattern.TryParse(path, out _, out _)))
        {
            _faults.Add(at, $"The server's URL '{DocumentBudget.Shown(url)}' has no path that can stand before every other.");
            return "";
        }
        return path;
    }

    private ImportedOperation? Operation(DocumentScalar path, DocumentScalar method, DocumentMapping item, DocumentMapping operation)
    {
        var parameters = SpecParameters.Read(item, operation, _references, _faults);
        if (RouteOf(path, parameters) is not { } route)
        {
            return null;
        }
        var verb = method.Text.ToUpperInvariant();
        if (!_routes.TryAdd((verb, route.Shape), method))
        {
            _faults.Add(method, $"{verb} {DocumentBudget.Shown(path.Text)} matches the same requests as the operation at {_routes[(verb, route.Shape)].Position}.");
            return null;
        }
        var id = operation.Find("operationId") as DocumentScalar;
        if (id is { Text.Length: > 0 } && !_ids.TryAdd(id.Text, id))
        {
            _faults.Add(id, $"The operationId '{DocumentBudget.Shown(id.Text)}' is given twice; the first one is at {_ids[id.Text].Position}.");
        }
        var name = _names.Take(NameOf(id?.Text, verb, path.Text));
        var description = Text(operation, "summary", MostTitle) is { Length: > 0 } summary ? summary : Text(operation, "description", MostTitle);
        var stub = new StubWriter(_references, _models, _writer, CSharpText.Pascal(name, "Operation"));
        return new ImportedOperation(name, verb, route.Text, description, stub.Write(verb, route.Text, description, parameters, operation));
    }

    // The gateway's parameters have plain names; a document's can be called anything.
    private RoutePattern? RouteOf(DocumentScalar path, IReadOnlyList<SpecParameter> parameters)
    {
        var names = new NameScope();
        var pattern = new StringBuilder();
        foreach (var segment in path.Text.Split('/').Skip(1))
        {
            pattern.Append('/');
            if (segment is ['{', .. var inner, '}'] && inner.IndexOfAny('{', '}') < 0)
            {
                var plain = inner.Length > 0 && inner.All(c => char.IsAsciiLetterOrDigit(c) || c == '_') && !char.IsAsciiDigit(inner[0]) ? inner
                    : string.Concat(CSharpText.Pascal(inner, "p").Where(char.IsAsciiLetterOrDigit)) is { Length: > 0 } letters && char.IsAsciiLetter(letters[0]) ? char.ToLowerInvariant(letters[0]) + letters[1..] : "p";
                plain = names.Take(plain);
                pattern.Append('{').Append(plain).Append('}');
                foreach (var parameter in parameters.Where(parameter => parameter.In == "path" && parameter.Name == inner))
                {
                    parameter.RouteName = plain;
                }
            }
            else
            {
                pattern.Append(segment);
            }
        }
        if (!path.Text.StartsWith('/'))
        {
            _faults.Add(path, $"The path '{DocumentBudget.Shown(path.Text)}' must begin with '/'.");
            return null;
        }
        if (!RoutePattern.TryParse(pattern.Length == 0 ? "/" : pattern.ToString(), out var parsed, out var error))
        {
            _faults.Add(path, $"The path '{DocumentBudget.Shown(path.Text)}' cannot be routed: {DocumentBudget.Shown(error!)}");
            return null;
        }
        return parsed;
    }

    private static string NameOf(string? id, string method, string path)
    {
        const int most = EpochRules.MaxNameLength / 2; // the collection's name goes before it
        var text = id is { Length: > 0 } ? id : $"{method.ToLowerInvariant()}-{path.Trim('/')}";
        var name = new StringBuilder();
        foreach (var c in text)
        {
            if (char.IsAsciiLetterOrDigit(c) || (c is '_' or '.' && name.Length > 0))
            {
                name.Append(c);
            }
            else if (name.Length > 0 && name[^1] != '-' && c is not ('{' or '}'))
            {
                name.Append('-');
            }
        }
        var plain = name.ToString().Trim('-', '.', '_');
        return plain.Length == 0 ? method.ToLowerInvariant() : plain.Length <= most ? plain : plain[..most].Trim('-', '.', '_');
    }

    private static string Text(DocumentMapping? mapping, string key, int most)
    {
        var text = CSharpText.Comment((mapping?.Find(key) as DocumentScalar)?.Text ?? "");
        return text.Length <= most ? text : text[..most];
    }
}
