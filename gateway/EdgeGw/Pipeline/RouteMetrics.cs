using System.Numerics;

namespace EdgeGw.Pipeline;

/// <summary>Counts and latencies of one route. Three interlocked additions a request.</summary>
internal sealed class RouteMetrics(string handler, string method, string pattern)
{
    /// <summary>Upper bounds of the latency buckets in microseconds: 64 µs, 128 µs ... 33.5 s; the last bucket has none.</summary>
    public const int Buckets = 21;

    private const int FirstBit = 6;

    private readonly long[] _byClass = new long[6];
    private readonly long[] _byLatency = new long[Buckets];
    private long _microseconds;

    /// <summary>The handler's name.</summary>
    public string Handler { get; } = handler;

    /// <summary>The route's method.</summary>
    public string Method { get; } = method;

    /// <summary>The route's pattern.</summary>
    public string Pattern { get; } = pattern;

    /// <summary>Sum of all latencies in microseconds.</summary>
    public long TotalMicroseconds => Volatile.Read(ref _microseconds);

    /// <summary>The upper bound of a bucket in microseconds.</summary>
    public static long UpperBound(int bucket) => 1L << (bucket + FirstBit);

    /// <summary>The bucket that a latency falls into.</summary>
    public static int BucketOf(long microseconds) =>
        microseconds <= 1L << FirstBit ? 0 : Math.Min(BitOperations.Log2((ulong)(microseconds - 1)) + 1 - FirstBit, Buckets - 1);

    /// <summary>Requests answered with a status of a class (2 for 2xx); class 0: given up, with the client gone before there was an answer.</summary>
    public long CountOf(int statusClass) => Volatile.Read(ref _byClass[statusClass]);

    /// <summary>Requests in a latency bucket.</summary>
    public long CountIn(int bucket) => Volatile.Read(ref _byLatency[bucket]);

    /// <summary>Counts one request.</summary>
    public void Record(int status, long microseconds)
    {
        Interlocked.Increment(ref _byClass[status / 100]);
        Interlocked.Increment(ref _byLatency[BucketOf(microseconds)]);
        Interlocked.Add(ref _microseconds, microseconds);
    }
}
