using System.Numerics;

namespace EdgeGw.Pipeline;

/// <summary>What a canary and the live version beside it are compared by: requests, errors and latencies since the canary began. Some interlocked additions a request, and only while a canary runs.</summary>
internal sealed class CanaryTally
{
    private const int BitsOfOctave = 3;
    private const int Octave = 1 << BitsOfOctave;

    /// <summary>Latency buckets: eight for each doubling, so that a quantile is right within an eighth, from 1 µs to beyond an hour.</summary>
    public const int Buckets = 32 * Octave;

    private const int FirstServerError = 500;

    private readonly long[] _byLatency = new long[Buckets];
    private long _requests;
    private long _errors;

    /// <summary>Requests that came to an answer.</summary>
    public long Requests => Volatile.Read(ref _requests);

    /// <summary>Those answered with 500 or above, timeouts and deaths among them.</summary>
    public long Errors => Volatile.Read(ref _errors);

    /// <summary>Requests by latency; a copy.</summary>
    public long[] Latencies
    {
        get
        {
            var copy = new long[Buckets];
            for (var i = 0; i < Buckets; i++)
            {
                copy[i] = Volatile.Read(ref _byLatency[i]);
            }
            return copy;
        }
    }

    /// <summary>Counts one request.</summary>
    public void Record(int status, long microseconds)
    {
        Interlocked.Increment(ref _requests);
        if (status >= FirstServerError)
        {
            Interlocked.Increment(ref _errors);
        }
        Interlocked.Increment(ref _byLatency[BucketOf(microseconds)]);
    }

    /// <summary>The bucket that a latency falls into.</summary>
    public static int BucketOf(long microseconds)
    {
        var value = (ulong)Math.Max(microseconds, 1);
        var octave = BitOperations.Log2(value);
        var within = octave <= BitsOfOctave ? value << (BitsOfOctave - octave) : value >> (octave - BitsOfOctave);
        return Math.Min((octave << BitsOfOctave) + (int)(within & (Octave - 1)), Buckets - 1);
    }

    /// <summary>The upper bound of a bucket in microseconds.</summary>
    public static double UpperBound(int bucket) => Math.ScaleB(Octave + (bucket & (Octave - 1)) + 1, (bucket >> BitsOfOctave) - BitsOfOctave);
}
