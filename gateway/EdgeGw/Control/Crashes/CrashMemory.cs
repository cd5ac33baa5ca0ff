using System.Buffers.Binary;
using System.Runtime.InteropServices;
using EdgeGw.Blame;
using EdgeGw.Interop;
using Microsoft.Win32.SafeHandles;

namespace EdgeGw.Control.Crashes;

/// <summary>The memory that one worker writes who is inside which call to, as control holds it. It outlives the worker. Handlers can reach it: whatever is in it, reading it ends, within bounds.</summary>
internal sealed class CrashMemory : IDisposable
{
    private const int MostThreads = 65_536;
    private const int MostRequests = 1_000_000;

    private readonly int _threads;
    private readonly int _requests;

    /// <summary>Makes it, with room for so many threads and requests.</summary>
    internal CrashMemory(int threads, int requests)
    {
        (_threads, _requests) = (threads, requests);
        Handle = ControlPosix.CreateMemory("edgegw-blame", BlameLayout.Size(threads, requests));
        Span<byte> header = stackalloc byte[8];
        BinaryPrimitives.WriteInt32LittleEndian(header, threads);
        BinaryPrimitives.WriteInt32LittleEndian(header[4..], requests);
        RandomAccess.Write(Handle, header, BlameLayout.ThreadsField);
    }

    /// <summary>Takes over one that the program before in this process has made.</summary>
    internal CrashMemory(SafeFileHandle memory)
    {
        Handle = memory;
        Span<byte> header = stackalloc byte[8];
        _ = RandomAccess.Read(memory, header, BlameLayout.ThreadsField);
        var (threads, requests) = (BinaryPrimitives.ReadInt32LittleEndian(header), BinaryPrimitives.ReadInt32LittleEndian(header[4..]));
        // The worker has had it for a while. What does not fit says nothing any more about who was where.
        if (threads is >= 0 and <= MostThreads && requests is >= 0 and <= MostRequests && RandomAccess.GetLength(memory) == BlameLayout.Size(threads, requests))
        {
            (_threads, _requests) = (threads, requests);
        }
    }

    /// <summary>What the worker inherits.</summary>
    internal SafeFileHandle Handle { get; }

    /// <summary>How many libraries the worker has begun to load: as long as that grows, its start comes forward.</summary>
    internal int Begun => BinaryPrimitives.ReadInt32LittleEndian(Read(BlameLayout.VersionsField, sizeof(int)));

    /// <summary>What is in it now. A worker that lives goes on writing meanwhile.</summary>
    internal CrashSnapshot Read()
    {
        var head = Read(0, BlameLayout.Threads);
        var versions = Math.Clamp(BinaryPrimitives.ReadInt32LittleEndian(head.AsSpan(BlameLayout.VersionsField)), 0, BlameLayout.Versions - 1);
        var slots = new List<BlameSlot>();
        foreach (var slot in MemoryMarshal.Cast<byte, BlameSlot>(Read(BlameLayout.Threads, _threads * BlameLayout.ThreadBytes)))
        {
            if (slot.Thread != 0)
            {
                slots.Add(slot);
            }
        }
        var fatal = MemoryMarshal.Read<BlameFatal>(head.AsSpan(BlameLayout.Fatal));
        return new CrashSnapshot(
            fatal,
            head.AsMemory(BlameLayout.Stack, (int)Math.Min(fatal.StackBytes, BlameLayout.StackBytes)),
            slots,
            Requests(BinaryPrimitives.ReadUInt64LittleEndian(head.AsSpan(BlameLayout.WorkerField))),
            Versions(Read(BlameLayout.VersionsAt(_threads, _requests), (versions + 1) * BlameLayout.VersionBytes)))
        {
            Unfinished = (ushort)BinaryPrimitives.ReadInt32LittleEndian(head.AsSpan(BlameLayout.UnfinishedField)),
        };
    }

    /// <inheritdoc/>
    public void Dispose() => Handle.Dispose();

    private List<SnapshotRequest> Requests(ulong worker)
    {
        var found = new List<SnapshotRequest>();
        var bytes = Read(BlameLayout.RequestsAt(_threads), _requests * BlameLayout.RequestBytes);
        for (var at = 0; at < bytes.Length; at += BlameLayout.RequestBytes)
        {
            if (SnapshotRequest.Read(bytes.AsSpan(at, BlameLayout.RequestBytes), worker) is { Exchange: not 0 } request)
            {
                found.Add(request);
            }
        }
        return found;
    }

    private static Dictionary<int, SnapshotVersion> Versions(byte[] bytes)
    {
        var found = new Dictionary<int, SnapshotVersion>();
        for (var ordinal = 1; ordinal < bytes.Length / BlameLayout.VersionBytes; ordinal++)
        {
            // One without a name was never described.
            if (SnapshotVersion.Read(bytes.AsSpan(ordinal * BlameLayout.VersionBytes, BlameLayout.VersionBytes)) is { Name.Length: > 0 } version)
            {
                found[ordinal] = version;
            }
        }
        return found;
    }

    private byte[] Read(long offset, int length)
    {
        var bytes = new byte[length];
        for (var read = 0; read < length && RandomAccess.Read(Handle, bytes.AsSpan(read), offset + read) is var more and > 0;)
        {
            read += more;
        }
        return bytes;
    }
}
