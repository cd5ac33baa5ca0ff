using System.Text;

namespace EdgeGw.Pipeline;

/// <summary>Header names and short values as strings without an allocation each: a direct-mapped cache from bytes to the string seen last in that place. Bounded, lock-free, ASCII only.</summary>
internal sealed class HeaderText
{
    private const int Entries = 1024;
    private const int MaxCached = 128;

    private readonly string?[] _entries = new string?[Entries];

    /// <summary>The bytes as a string, one character a byte.</summary>
    public string Get(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length is 0 or > MaxCached)
        {
            return Encoding.Latin1.GetString(bytes);
        }
        var hash = (uint)bytes.Length;
        foreach (var b in bytes)
        {
            hash = (hash ^ b) * 0x01000193u;
        }
        ref var entry = ref _entries[(hash ^ (hash >> 16)) & (Entries - 1)];
        var seen = Volatile.Read(ref entry);
        if (seen is not null && seen.Length == bytes.Length && Ascii.Equals(bytes, seen))
        {
            return seen;
        }
        var made = Encoding.Latin1.GetString(bytes);
        Volatile.Write(ref entry, made);
        return made;
    }
}
