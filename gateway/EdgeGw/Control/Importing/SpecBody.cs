using System.Globalization;
using EdgeGw.Documents;

namespace EdgeGw.Control.Importing;

/// <summary>A body of a request or an answer, of the media type that suits best.</summary>
/// <param name="MediaType">The media type; null without a body.</param>
/// <param name="Schema">Its type; null when nothing is said of it.</param>
/// <param name="Example">The media type's own example; null when there is none.</param>
internal sealed record SpecBody(string? MediaType, DocumentNode? Schema, DocumentNode? Example)
{
    private const int MostMediaType = 100;

    /// <summary>Whether it is JSON.</summary>
    internal bool IsJson => MediaType is { } type && (type == "application/json" || type.EndsWith("+json", StringComparison.Ordinal));

    /// <summary>What a request or an answer has of 'content'.</summary>
    internal static SpecBody Of(DocumentMapping? holder, SpecReferences references)
    {
        var bodies = references.Mapping(holder?.Find("content"))?.Entries.Values
            .Select(entry => (Type: entry.Key.Text.Split(';')[0].Trim().ToLowerInvariant(), entry.Value)).Where(pair => IsMediaType(pair.Type)).ToList() ?? [];
        if (bodies.Count == 0)
        {
            return new SpecBody(null, null, null);
        }
        var (type, value) = bodies.OrderBy(pair => Rank(pair.Type)).First();
        var media = references.Mapping(value);
        var example = media?.Find("example") ?? First(media?.Find("examples"), references);
        return new SpecBody(type == "*/*" ? "application/json" : type, media?.Find("schema"), example);
    }

    /// <summary>The answer that says that all went well: the lowest 2xx, else the default one, else the first.</summary>
    internal static (int Status, SpecBody Body) Answer(DocumentMapping operation, SpecReferences references)
    {
        var answers = (references.Mapping(operation.Find("responses"))?.Entries.Values ?? Enumerable.Empty<DocumentEntry>())
            .Select(entry => (Status: Status(entry.Key.Text), entry.Value)).Where(pair => pair.Status is not null).Select(pair => (Status: pair.Status!.Value, pair.Value)).ToList();
        var good = answers.Where(answer => answer.Status is >= 200 and <= 299).OrderBy(answer => answer.Status).Concat(answers.Where(answer => answer.Status == 0)).Concat(answers.OrderBy(answer => answer.Status)).ToList();
        return good is [var first, ..] ? (first.Status == 0 ? 200 : first.Status, Of(references.Mapping(first.Value), references)) : (200, new SpecBody(null, null, null));
    }

    // 0 is the default one; '2XX' is 200.
    private static int? Status(string text) => text.ToUpperInvariant() switch
    {
        "DEFAULT" => 0,
        [>= '2' and <= '5' and var hundreds, 'X', 'X'] => (hundreds - '0') * 100,
        var code when int.TryParse(code, NumberStyles.None, CultureInfo.InvariantCulture, out var status) && status is >= 200 and <= 599 => status,
        _ => null,
    };

    private static DocumentNode? First(DocumentNode? examples, SpecReferences references) =>
        references.Mapping((examples as DocumentMapping)?.Entries.Values.FirstOrDefault()?.Value)?.Find("value");

    private static int Rank(string type) => type switch
    {
        "application/json" => 0,
        _ when type.EndsWith("+json", StringComparison.Ordinal) => 1,
        "*/*" => 2,
        "application/x-www-form-urlencoded" => 3,
        "multipart/form-data" => 4,
        "text/plain" => 5,
        _ => 6,
    };

    private static bool IsMediaType(string type) => type.Length is > 2 and <= MostMediaType && type.Count(c => c == '/') == 1 && type.All(c => char.IsAsciiLetterOrDigit(c) || "/*!#$&^_.+-".Contains(c, StringComparison.Ordinal));
}
