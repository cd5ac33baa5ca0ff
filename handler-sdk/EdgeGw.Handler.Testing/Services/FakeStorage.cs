using System.Globalization;
using System.Security.Cryptography;
using EdgeGw.Abi;
using EdgeGw.Testing.Interop;

namespace EdgeGw.Testing;

/// <summary>An object of a <see cref="FakeStorage"/>.</summary>
/// <param name="Content">The bytes.</param>
/// <param name="ContentType">The media type.</param>
/// <param name="Metadata">Names and texts, in the order given.</param>
/// <param name="Modified">When it was written.</param>
public sealed record FakeObject(byte[] Content, string ContentType, IReadOnlyList<KeyValuePair<string, string>> Metadata, DateTimeOffset Modified);

/// <summary>A store of objects in memory.</summary>
public sealed class FakeStorage : FakeService
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, FakeObject> _objects = new(StringComparer.Ordinal);

    internal FakeStorage(FakeHost host, string name) : base(host, "storage", name)
    {
    }

    /// <summary>The largest object that is given in one piece.</summary>
    public long MaxPieceBytes { get; set; } = 64 * 1024 * 1024;

    /// <summary>Bytes per piece of a download.</summary>
    public int ReadBytes { get; set; } = 64 * 1024;

    /// <summary>The object under a key, or null.</summary>
    public FakeObject? this[string key]
    {
        get
        {
            lock (_gate)
                return _objects.GetValueOrDefault(key);
        }
    }

    /// <summary>All keys, in order.</summary>
    public IReadOnlyList<string> Keys
    {
        get
        {
            lock (_gate)
                return [.. _objects.Keys];
        }
    }

    internal static bool IsKey(string key) => key.Length is > 0 and <= 1024 && !key.Split('/').Any(p => p is "" or "." or "..") && !key.Contains('\0', StringComparison.Ordinal);

    internal FakeReply Put(string key, byte[] content, string contentType, IReadOnlyList<KeyValuePair<string, string>> metadata)
    {
        var written = new FakeObject(content, contentType.Length == 0 ? "application/octet-stream" : contentType, metadata, Host.Options.TimeProvider.GetUtcNow());
        lock (_gate)
            _objects[key] = written;
        return new FakeReply { Values = [.. Facts(key, written), .. Metadata(written)] };
    }

    internal FakeReply Stat(string key) => this[key] is { } found ? new FakeReply { Values = [.. Facts(key, found), .. Metadata(found)] } : FakeReply.Nothing;

    internal FakeReply Get(string key, ulong offset, ulong length)
    {
        if (this[key] is not { } found)
            return FakeReply.Nothing;
        var range = Range(found, offset, length);
        return range.Length > MaxPieceBytes
            ? FakeReply.Of(AbiResult.TooLarge, $"'{key}' has {range.Length} bytes; {MaxPieceBytes} are given in one piece.")
            : new FakeReply { Values = [.. Facts(key, found), FakeValue.From(range), .. Metadata(found)] };
    }

    internal FakeReply OpenRead(FakeExchange exchange, string key, ulong offset, ulong length) => this[key] is { } found
        ? Stat(key) with { Open = exchange.Opens.Add(this, new MemoryStream(Range(found, offset, length)), null) }
        : FakeReply.Nothing;

    internal FakeReply Read(FakeExchange exchange, ulong open, MemoryStream download)
    {
        var piece = new byte[Math.Min(ReadBytes, download.Length - download.Position)];
        download.ReadExactly(piece);
        if (piece.Length > 0)
            return FakeReply.Of(piece);
        exchange.Opens.Remove(open);
        return FakeReply.Nothing;
    }

    internal FakeReply List(string prefix, string delimiter, string after, int limit)
    {
        var rows = new List<FakeValue[]>();
        lock (_gate)
        {
            foreach (var (key, found) in _objects)
            {
                if (rows.Count == limit)
                    break;
                if (!key.StartsWith(prefix, StringComparison.Ordinal))
                    continue;
                var cut = delimiter.Length == 0 ? -1 : key.IndexOf(delimiter, prefix.Length, StringComparison.Ordinal);
                var name = cut < 0 ? key : key[..(cut + delimiter.Length)];
                if (string.CompareOrdinal(name, after) <= 0 || (rows.Count > 0 && (string)rows[^1][0].ToObject()! == name))
                    continue;
                rows.Add(cut < 0 ? Facts(name, found) : [FakeValue.From(name), FakeValue.Null, FakeValue.Null, FakeValue.Null, FakeValue.Null]);
            }
        }
        return new FakeReply { Values = [.. rows.SelectMany(r => r)], RowCount = rows.Count };
    }

    internal FakeReply Remove(string key)
    {
        lock (_gate)
            _objects.Remove(key);
        return FakeReply.Done;
    }

    internal FakeReply Copy(string from, string to) => this[from] is { } found ? Put(to, found.Content, found.ContentType, found.Metadata) : FakeReply.Nothing;

    internal FakeReply Presign(AbiPresign method, string key, uint seconds)
        => FakeReply.Of(string.Create(CultureInfo.InvariantCulture, $"https://{Name}.invalid/{Uri.EscapeDataString(key)}?method={method}&seconds={seconds}"));

    private static byte[] Range(FakeObject found, ulong offset, ulong length)
    {
        var start = (int)Math.Min(offset, (ulong)found.Content.Length);
        var count = found.Content.Length - start;
        return found.Content.AsSpan(start, length == 0 ? count : (int)Math.Min(length, (ulong)count)).ToArray();
    }

    private static FakeValue[] Facts(string key, FakeObject found)
        => [.. ((object?[])[key, (long)found.Content.Length, found.Modified, Convert.ToHexStringLower(SHA256.HashData(found.Content))[..16], found.ContentType]).Select(FakeValue.From)];

    private static IEnumerable<FakeValue> Metadata(FakeObject found) => found.Metadata.SelectMany(m => new[] { FakeValue.From(m.Key), FakeValue.From(m.Value) });
}
