using BenchmarkDotNet.Attributes;
using EdgeGw.Generations;

namespace EdgeGw.Bench;

/// <summary>What it costs a request to hold on to a version, beside the plainest thing that counts.</summary>
public class LeaseBench
{
    private readonly Lease _lease = new();
    private long _count;

    [Benchmark(Baseline = true)]
    public long Two_interlocked_adds()
    {
        Interlocked.Increment(ref _count);
        return Interlocked.Decrement(ref _count);
    }

    [Benchmark]
    public bool Enter_and_exit()
    {
        var entered = _lease.TryEnter();
        _lease.Exit();
        return entered;
    }
}
