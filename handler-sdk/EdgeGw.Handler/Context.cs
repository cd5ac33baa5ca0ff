using System.Diagnostics;
using EdgeGw.Interop;

namespace EdgeGw;

/// <summary>What a handler has beside the request: log, settings, time. Valid until the response has been sent; do not keep it.</summary>
public sealed class Context
{
    private readonly Exchange _exchange;
    private Log? _log;

    internal Context(Exchange exchange) => _exchange = exchange;

    /// <summary>The gateway's log; lines carry the handler's name and the request's id.</summary>
    public Log Log => _log ??= new Log(_exchange);

    /// <summary>The settings given at deploy time.</summary>
    public Config Config => _exchange.Library.Environment.Config;

    /// <summary>
    /// Cancelled when nobody waits for the answer any more: the client has gone, the deadline has passed, or the gateway stops. Made when first
    /// asked for; <see cref="IsCancelled"/> costs less.
    /// </summary>
    public CancellationToken CancellationToken => _exchange.CancellationToken;

    /// <summary>True when nobody waits for the answer any more. Cheap enough for a loop.</summary>
    public bool IsCancelled => _exchange.IsCancelled;

    /// <summary>When the gateway will answer 504 in the handler's place; null: never.</summary>
    public DateTimeOffset? Deadline => _exchange.DeadlineNanoseconds == 0 ? null : TimeProvider.System.GetUtcNow() + Remaining;

    /// <summary>How long there is until the deadline, zero when it has passed; <see cref="Timeout.InfiniteTimeSpan"/> when there is none.</summary>
    public TimeSpan Remaining
    {
        get
        {
            var deadline = _exchange.DeadlineNanoseconds;
            if (deadline == 0)
                return Timeout.InfiniteTimeSpan;
            // The deadline is in nanoseconds of the clock that Stopwatch reads (CLOCK_MONOTONIC).
            var now = (Int128)Stopwatch.GetTimestamp() * 1_000_000_000 / Stopwatch.Frequency;
            return now >= deadline ? TimeSpan.Zero : TimeSpan.FromTicks((long)((deadline - now) / 100));
        }
    }

    /// <summary>A database of the gateway's. The name must be a constant, or be declared: <see cref="UsesServiceAttribute"/>.</summary>
    /// <exception cref="InvalidOperationException">None of that name is bound to this library, or the gateway is older than services.</exception>
    public Database Database(string name = "main") => _exchange.Service("database", name, static (x, s) => new Database(x, s));

    /// <summary>A cache of the gateway's. The name must be a constant, or be declared: <see cref="UsesServiceAttribute"/>.</summary>
    /// <exception cref="InvalidOperationException">None of that name is bound to this library, or the gateway is older than services.</exception>
    public Cache Cache(string name = "default") => _exchange.Service("cache", name, static (x, s) => new Cache(x, s));

    /// <summary>A store of objects of the gateway's. The name must be a constant, or be declared: <see cref="UsesServiceAttribute"/>.</summary>
    /// <exception cref="InvalidOperationException">None of that name is bound to this library, or the gateway is older than services.</exception>
    public Storage Storage(string name = "files") => _exchange.Service("storage", name, static (x, s) => new Storage(x, s));

    /// <summary>Requests to other servers.</summary>
    /// <exception cref="InvalidOperationException">None is bound to this library, or the gateway is older than services.</exception>
    public HttpOut Http => _exchange.Service("http", "default", static (x, s) => new HttpOut(x, s));

    /// <summary>Waits on the gateway's timer, so that no thread of the library wakes. Ends early when the request is cancelled.</summary>
    /// <param name="delay">Zero or more, in whole milliseconds (rounded up).</param>
    /// <exception cref="OperationCanceledException">The request was cancelled.</exception>
    public ValueTask Delay(TimeSpan delay) => Delay(delay, CancellationToken);

    /// <summary>Waits on the gateway's timer, until <paramref name="cancellationToken"/> is cancelled.</summary>
    /// <param name="delay">Zero or more, in whole milliseconds (rounded up).</param>
    /// <param name="cancellationToken">Ends the wait early.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public ValueTask Delay(TimeSpan delay, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(delay, TimeSpan.Zero);
        return _exchange.Library.DelayAsync(delay, cancellationToken);
    }
}
