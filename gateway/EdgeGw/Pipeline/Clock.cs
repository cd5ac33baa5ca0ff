using System.Diagnostics;

namespace EdgeGw.Pipeline;

/// <summary>Units of the monotonic clock.</summary>
internal static class Clock
{
    /// <summary>Timestamp ticks as nanoseconds; on Linux they are nanoseconds of CLOCK_MONOTONIC already.</summary>
    public static long ToNanoseconds(long ticks) => Stopwatch.Frequency == 1_000_000_000 ? ticks : (long)(ticks * (1e9 / Stopwatch.Frequency));

    /// <summary>Timestamp ticks as microseconds.</summary>
    public static long ToMicroseconds(long ticks) => ticks / (Stopwatch.Frequency / 1_000_000);
}
