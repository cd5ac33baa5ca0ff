using System.Xml;
using System.Xml.Linq;

namespace EdgeGw.Services.Storage.S3;

/// <summary>The few documents of S3: read by hand, since reflection over types would have to be told to the AOT compiler.</summary>
internal static class S3Xml
{
    /// <summary>No entities, nothing fetched, and a bound: a page of 1000 keys has a few megabytes at most.</summary>
    public static XmlReaderSettings Settings { get; } = new() { Async = true, DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, MaxCharactersInDocument = 32 << 20 };

    /// <summary>Reads an answer's document. An error in an answer that began with 200 is thrown.</summary>
    public static async Task<XElement> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        using var content = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        using var reader = XmlReader.Create(content, Settings);
        var document = await XDocument.LoadAsync(reader, LoadOptions.None, cancellationToken).ConfigureAwait(false);
        return S3Error.CodeOf(document) is { } code ? throw new S3Exception(System.Net.HttpStatusCode.InternalServerError, code) : document.Root!;
    }

    /// <summary>A child's text, whatever its namespace: servers do not agree on it.</summary>
    public static string Text(XElement parent, string name) => Children(parent, name).FirstOrDefault()?.Value ?? "";

    /// <summary>The children of a name.</summary>
    public static IEnumerable<XElement> Children(XElement parent, string name) => parent.Elements().Where(element => element.Name.LocalName == name);
}
