using EdgeGw.Abi;

namespace EdgeGw.Services.Storage;

/// <summary>A store of objects. Keys are checked already. "Nothing there" is null or false.</summary>
internal interface IStorageBackend : IServiceBackend
{
    /// <summary>The most bytes of one piece: a put, a write, a whole get.</summary>
    int MaxPieceBytes { get; }

    /// <summary>Writes an object whole.</summary>
    ValueTask PutAsync(string key, ReadOnlyMemory<byte> body, ObjectHeader header, CancellationToken cancellationToken);

    /// <summary>Begins an object; <paramref name="length"/> is -1 when not known.</summary>
    ValueTask<ObjectUpload> OpenWriteAsync(string key, long length, ObjectHeader header, CancellationToken cancellationToken);

    /// <summary>Opens an object from an offset; <paramref name="length"/> 0: to its end.</summary>
    ValueTask<ObjectDownload?> OpenReadAsync(string key, long offset, long length, CancellationToken cancellationToken);

    /// <summary>The facts about an object.</summary>
    ValueTask<ObjectFacts?> StatAsync(string key, CancellationToken cancellationToken);

    /// <summary>At most <paramref name="limit"/> objects and common prefixes after a key, in the order of their bytes.</summary>
    ValueTask<IReadOnlyList<ObjectFacts>> ListAsync(string prefix, string delimiter, string after, int limit, CancellationToken cancellationToken);

    /// <summary>Removes an object, if there is one.</summary>
    ValueTask RemoveAsync(string key, CancellationToken cancellationToken);

    /// <summary>Copies an object; false when there is none.</summary>
    ValueTask<bool> CopyAsync(string from, string to, CancellationToken cancellationToken);

    /// <summary>A URL that allows one thing for so long.</summary>
    ValueTask<string> PresignAsync(AbiPresign method, string key, TimeSpan life, CancellationToken cancellationToken);
}

/// <summary>An object on its way in. Used by one call at a time. Disposing discards what is not finished.</summary>
internal abstract class ObjectUpload : IAsyncDisposable
{
    /// <summary>Takes the next bytes; they may be used again when it has ended.</summary>
    public abstract ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken);

    /// <summary>Makes the object be there.</summary>
    public abstract ValueTask<ObjectFacts> FinishAsync(CancellationToken cancellationToken);

    /// <inheritdoc/>
    public abstract ValueTask DisposeAsync();
}

/// <summary>An object, or a range of one, on its way out. Used by one call at a time.</summary>
internal abstract class ObjectDownload(ObjectFacts facts, long remaining) : IAsyncDisposable
{
    /// <summary>The facts about the whole object.</summary>
    public ObjectFacts Facts { get; } = facts;

    /// <summary>Bytes still to come.</summary>
    public long Remaining { get; private set; } = remaining;

    /// <summary>Reads some bytes; 0 at the end.</summary>
    public async ValueTask<int> ReadAsync(Memory<byte> room, CancellationToken cancellationToken)
    {
        room = room[..(int)Math.Min(room.Length, Remaining)];
        if (room.IsEmpty)
        {
            return 0;
        }
        var read = await ReadSomeAsync(room, cancellationToken).ConfigureAwait(false);
        if (read == 0)
        {
            throw new ServiceException(AbiResult.IoError, $"The object ended {Remaining} bytes early.");
        }
        Remaining -= read;
        return read;
    }

    /// <summary>The range of an object of that size: where it begins and how long it is. Throws when it begins beyond the end.</summary>
    public static long LengthOf(long size, long offset, long length)
    {
        if (offset > size)
        {
            throw new ServiceException(AbiResult.Refused, $"The range begins at {offset}, beyond the object's end ({size} bytes).", "InvalidRange");
        }
        return length == 0 ? size - offset : Math.Min(length, size - offset);
    }

    /// <inheritdoc/>
    public abstract ValueTask DisposeAsync();

    /// <summary>Reads at least one byte; 0 when there is none although there should be.</summary>
    protected abstract ValueTask<int> ReadSomeAsync(Memory<byte> room, CancellationToken cancellationToken);
}
