namespace EdgeGw.Services.Storage;

/// <summary>What is known about an object.</summary>
/// <param name="Key">Its key; in a list, perhaps a common prefix.</param>
/// <param name="Size">Bytes of the whole object; -1 for a common prefix.</param>
/// <param name="Modified">Microseconds since the Unix epoch.</param>
/// <param name="Etag">Changes with the content; without quotes.</param>
/// <param name="ContentType">Its type; null where a list does not tell.</param>
/// <param name="Metadata">Names in lower case, and texts.</param>
internal sealed record ObjectFacts(string Key, long Size, long Modified, string Etag, string? ContentType, IReadOnlyList<KeyValuePair<string, string>> Metadata)
{
    /// <summary>Keys of a list that go on after a delimiter.</summary>
    public static ObjectFacts Prefix(string prefix) => new(prefix, -1, 0, "", null, []);
}

/// <summary>What an object carries beside its content.</summary>
/// <param name="ContentType">Never empty.</param>
/// <param name="Metadata">Names in lower case, and texts.</param>
internal sealed record ObjectHeader(string ContentType, IReadOnlyList<KeyValuePair<string, string>> Metadata)
{
    /// <summary>The type of an object that was given none.</summary>
    public const string DefaultType = "application/octet-stream";
}
