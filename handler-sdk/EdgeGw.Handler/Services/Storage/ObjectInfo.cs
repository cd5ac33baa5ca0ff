using EdgeGw.Abi;
using EdgeGw.Interop;

namespace EdgeGw;

/// <summary>The facts about an object.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Size">Bytes of the whole object.</param>
/// <param name="Modified">When it was last written.</param>
/// <param name="ETag">Changes with its content; without quotes.</param>
/// <param name="ContentType">Its media type; null in a list of a backend that does not list it.</param>
/// <param name="Metadata">Names (case-insensitive) and texts; empty in a list.</param>
/// <param name="IsPrefix">In a list with a delimiter: this stands for all keys that begin with <paramref name="Key"/>, and has nothing else.</param>
public sealed record ObjectInfo(
    string Key, long Size, DateTimeOffset Modified, string ETag, string? ContentType, IReadOnlyDictionary<string, string> Metadata, bool IsPrefix = false)
{
    private static readonly Dictionary<string, string> NoMetadata = [];

    /// <param name="reply">The reply.</param>
    /// <param name="at">Where the facts begin.</param>
    /// <param name="metadataAt">Where the metadata begin, or -1.</param>
    /// <param name="key">The key, when the backend does not tell it.</param>
    internal static ObjectInfo Read(scoped Reply reply, int at, int metadataAt, string? key = null)
    {
        var metadata = NoMetadata;
        for (var i = metadataAt; i >= 0 && i + 1 < reply.Values.Length; i += 2)
        {
            if (ReferenceEquals(metadata, NoMetadata))
                metadata = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
            metadata[reply.Text(i)] = reply.Text(i + 1);
        }
        var name = reply.Has(at + (int)AbiObject.Key) ? reply.Text(at + (int)AbiObject.Key) : key ?? "";
        return new ObjectInfo(
            name,
            reply.Integer(at + (int)AbiObject.Size),
            DateTimeOffset.UnixEpoch.AddTicks(reply.Integer(at + (int)AbiObject.Modified) * TimeSpan.TicksPerMicrosecond),
            reply.Text(at + (int)AbiObject.Etag),
            reply.Has(at + (int)AbiObject.ContentType) ? reply.Text(at + (int)AbiObject.ContentType) : null,
            metadata,
            IsPrefix: key is null && !reply.Has(at + (int)AbiObject.Size));
    }
}

/// <summary>An object, or a range of it, in memory.</summary>
/// <param name="Info">The facts about the whole object.</param>
/// <param name="Content">The bytes asked for.</param>
public sealed record StoredObject(ObjectInfo Info, byte[] Content);
