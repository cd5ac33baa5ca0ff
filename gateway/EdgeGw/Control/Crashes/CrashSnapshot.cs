using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using EdgeGw.Blame;
using EdgeGw.Interop;

namespace EdgeGw.Control.Crashes;

/// <summary>Who was inside which call at one moment.</summary>
/// <param name="Fatal">How the process died, as far as it saw itself.</param>
/// <param name="Stack">The stack of the thread that died, from its top; empty when it could not be read.</param>
/// <param name="Threads">The slots of all threads that ever called a library.</param>
/// <param name="Requests">The requests inside handlers.</param>
/// <param name="Versions">What the versions' numbers stand for.</param>
internal sealed record CrashSnapshot(
    BlameFatal Fatal, ReadOnlyMemory<byte> Stack, IReadOnlyList<BlameSlot> Threads, IReadOnlyList<SnapshotRequest> Requests, IReadOnlyDictionary<int, SnapshotVersion> Versions)
{
    /// <summary>The version whose start the worker gave up, for which it ended; 0 when it did not.</summary>
    internal int Unfinished { get; init; }

    /// <summary>A worker of which nothing is known.</summary>
    internal static CrashSnapshot Empty { get; } = new(default, default, [], [], new Dictionary<int, SnapshotVersion>());
}

/// <summary>A request inside a handler.</summary>
internal readonly record struct SnapshotRequest(ulong Exchange, string Id)
{
    private const int TextLength = 16;
    private const int Text = 17;

    internal static SnapshotRequest Read(ReadOnlySpan<byte> record, ulong worker)
    {
        var exchange = BinaryPrimitives.ReadUInt64LittleEndian(record);
        if (exchange == 0)
        {
            return default;
        }
        var length = Math.Min((int)record[TextLength], record.Length - Text);
        var number = BinaryPrimitives.ReadUInt64LittleEndian(record[8..]);
        return new(exchange, length > 0 ? CrashText.Printable(Encoding.Latin1.GetString(record.Slice(Text, length))) : string.Create(CultureInfo.InvariantCulture, $"{worker:x16}{number:x16}"));
    }
}

/// <summary>A version as its worker described it, with the requests that it has taken there.</summary>
internal sealed record SnapshotVersion(string Name, string Version, string Sha256, ulong Image, ulong Code, ulong CodeEnd, long Requests)
{
    private const int HashBytes = 32;

    /// <summary>Whether an address is in its code.</summary>
    internal bool Has(ulong address) => address >= Code && address < CodeEnd;

    internal static SnapshotVersion Read(ReadOnlySpan<byte> record)
    {
        var lengths = BlameLayout.VersionHash + HashBytes;
        var name = lengths + 2;
        return new(
            CrashText.Printable(Encoding.UTF8.GetString(record.Slice(name, Math.Min((int)record[lengths], BlameLayout.NameBytes)))),
            CrashText.Printable(Encoding.UTF8.GetString(record.Slice(name + BlameLayout.NameBytes, Math.Min((int)record[lengths + 1], BlameLayout.NameBytes)))),
            Convert.ToHexStringLower(record.Slice(BlameLayout.VersionHash, HashBytes)),
            BinaryPrimitives.ReadUInt64LittleEndian(record),
            BinaryPrimitives.ReadUInt64LittleEndian(record[8..]),
            BinaryPrimitives.ReadUInt64LittleEndian(record[16..]),
            BinaryPrimitives.ReadInt64LittleEndian(record[BlameLayout.VersionRequests..]));
    }
}
