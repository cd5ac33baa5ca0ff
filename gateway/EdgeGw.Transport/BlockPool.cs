using System.Buffers;
using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace EdgeGw.Transport;

/// <summary>Blocks of pinned memory for pipes. A few stay with the thread that gave them back, so that a request that comes and goes on one thread shares nothing.</summary>
internal sealed class BlockPool(long maxPooledBytes) : MemoryPool<byte>
{
    /// <summary>Bytes of a block.</summary>
    public const int BlockBytes = 4096;

    private const int BlocksPerThread = 16;

    [ThreadStatic]
    private static Local? t_local;

    private readonly ConcurrentQueue<Block> _free = new();
    private readonly long _maxPooled = maxPooledBytes / BlockBytes;
    private long _pooled;

    /// <inheritdoc/>
    public override int MaxBufferSize => BlockBytes;

    /// <inheritdoc/>
    public override IMemoryOwner<byte> Rent(int minBufferSize = -1)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minBufferSize, BlockBytes);
        if (t_local is { Count: > 0 } local && ReferenceEquals(local.Pool, this))
        {
            return local.Blocks[--local.Count];
        }
        if (_free.TryDequeue(out var block))
        {
            Interlocked.Decrement(ref _pooled);
            return block;
        }
        return new Block(this);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => _free.Clear();

    private void Return(Block block)
    {
        var local = t_local ??= new Local(this);
        if (!ReferenceEquals(local.Pool, this))
        {
            t_local = local = new Local(this);
        }
        if (local.Count < BlocksPerThread)
        {
            local.Blocks[local.Count++] = block;
        }
        else if (Interlocked.Increment(ref _pooled) <= _maxPooled)
        {
            _free.Enqueue(block);
        }
        else
        {
            Interlocked.Decrement(ref _pooled);
        }
    }

    private sealed class Local(BlockPool pool)
    {
        public BlockPool Pool { get; } = pool;

        public Block[] Blocks { get; } = new Block[BlocksPerThread];

        public int Count { get; set; }
    }

    // Given back by whoever rented it, once: pipes do.
    private sealed class Block(BlockPool pool) : IMemoryOwner<byte>
    {
        public Memory<byte> Memory { get; } = MemoryMarshal.CreateFromPinnedArray(GC.AllocateUninitializedArray<byte>(BlockBytes, pinned: true), 0, BlockBytes);

        public void Dispose() => pool.Return(this);
    }
}
