using System.Runtime.InteropServices;
using EdgeGw.Epochs;
using EdgeGw.Interop;

namespace EdgeGw.Tests.ServiceLab;

/// <summary>Gets of one key of <c>cache:default</c>, many at once, through the table as a handler calls it. Allocates nothing, so that what it is used to measure shows.</summary>
internal sealed unsafe class CacheGets : IDisposable
{
    private readonly ulong _exchange;
    private readonly ulong _service;
    private readonly byte* _key;
    private readonly int _keyLength;
    private readonly GCHandle _self;
    private readonly ManualResetEventSlim _done = new();
    private int _left;
    private long _bytes;

    public CacheGets(LabExchange exchange, ReadOnlySpan<byte> key)
    {
        _exchange = exchange.Id;
        _service = exchange.Find(ServiceKinds.Cache, "default");
        _keyLength = key.Length;
        _key = (byte*)NativeMemory.Alloc((nuint)key.Length);
        key.CopyTo(new Span<byte>(_key, key.Length));
        _self = GCHandle.Alloc(this);
    }

    /// <summary>Makes so many calls, waits for all, and gives the bytes of all values.</summary>
    public long Run(int calls)
    {
        Start(calls);
        return Wait();
    }

    /// <summary>Makes so many calls.</summary>
    public void Start(int calls)
    {
        _done.Reset();
        (_left, _bytes) = (calls, 0);
        var table = (AbiCacheV1*)CacheTable.Pointer;
        for (var i = 0; i < calls; i++)
        {
            var result = table->Get(_exchange, _service, new AbiText(_key, _keyLength), &Replied, (void*)GCHandle.ToIntPtr(_self));
            if (result != AbiResult.Pending)
            {
                throw new InvalidOperationException($"{result}");
            }
        }
    }

    /// <summary>Waits for all of them, and gives the bytes of all values.</summary>
    public long Wait()
    {
        _done.Wait();
        return Interlocked.Read(ref _bytes);
    }

    public void Dispose()
    {
        _self.Free();
        NativeMemory.Free(_key);
        _done.Dispose();
    }

    [UnmanagedCallersOnly]
    private static void Replied(void* state, AbiReply* reply)
    {
        var gets = (CacheGets)GCHandle.FromIntPtr((nint)state).Target!;
        if (reply->ValueCount == 1)
        {
            Interlocked.Add(ref gets._bytes, reply->Values[0].Length);
        }
        if (Interlocked.Decrement(ref gets._left) == 0)
        {
            gets._done.Set();
        }
    }
}
