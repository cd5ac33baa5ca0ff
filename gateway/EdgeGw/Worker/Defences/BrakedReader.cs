using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace EdgeGw.Worker.Defences;

/// <summary>What an HTTP/2 client sends, as fast as it sends it while it resets few streams, and no faster than so many resets a second otherwise: a stream that is begun and reset has cost
/// its work by then, so a client that does it without end is made to wait instead of served. A second's worth passes at once.</summary>
internal sealed class BrakedReader : PipeReader
{
    // Not a timer for each reset: what may pass meanwhile passes at once after it.
    private static readonly TimeSpan s_leastWait = TimeSpan.FromMilliseconds(50);

    private readonly PipeReader _inner;
    private readonly TimeProvider _clock;
    private readonly Action _braked;
    private readonly long _cost;
    private readonly long _burst;
    private ResetScanner _scanner = new();
    private ReadOnlySequence<byte> _given;
    private long _scanned;
    private long _paid;
    private bool _mustWait;

    /// <summary>A reader over another one.</summary>
    /// <param name="inner">What comes from the client.</param>
    /// <param name="perSecond">Resets a second.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="braked">Called when it waits for the first time.</param>
    public BrakedReader(PipeReader inner, int perSecond, TimeProvider clock, Action braked)
    {
        (_inner, _clock, _braked) = (inner, clock, braked);
        _cost = Math.Max(1, clock.TimestampFrequency / perSecond);
        _burst = clock.TimestampFrequency;
    }

    /// <summary>Whether it has ever waited.</summary>
    public bool HasWaited { get; private set; }

    /// <inheritdoc/>
    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        if (_mustWait)
        {
            return WaitAndReadAsync(cancellationToken);
        }
        var read = _inner.ReadAsync(cancellationToken);
        return read.IsCompletedSuccessfully ? new(Pass(read.Result)) : PassAsync(read);
    }

    /// <inheritdoc/>
    public override bool TryRead(out ReadResult result)
    {
        if (_mustWait || !_inner.TryRead(out result))
        {
            result = default;
            return false;
        }
        result = Pass(result);
        return true;
    }

    /// <inheritdoc/>
    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    /// <inheritdoc/>
    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        _scanned -= _given.Slice(0, consumed).Length;
        _given = default;
        _inner.AdvanceTo(consumed, examined);
    }

    /// <inheritdoc/>
    public override void CancelPendingRead() => _inner.CancelPendingRead();

    /// <inheritdoc/>
    public override void Complete(Exception? exception = null) => _inner.Complete(exception);

    /// <inheritdoc/>
    public override ValueTask CompleteAsync(Exception? exception = null) => _inner.CompleteAsync(exception);

    // Pooled, for this is every wait of every HTTP/2 connection.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ReadResult> PassAsync(ValueTask<ReadResult> read) => Pass(await read.ConfigureAwait(false));

    // Whoever ends the connection meanwhile is heard after it: it lasts for what one reset costs, or the least wait.
    private async ValueTask<ReadResult> WaitAndReadAsync(CancellationToken cancellationToken)
    {
        if (!HasWaited)
        {
            HasWaited = true;
            _braked();
        }
        var debt = TimeSpan.FromSeconds((_paid - _clock.GetTimestamp() - _burst) / (double)_clock.TimestampFrequency);
        await Task.Delay(debt > s_leastWait ? debt : s_leastWait, _clock, cancellationToken).ConfigureAwait(false);
        _mustWait = false;
        return Pass(await _inner.ReadAsync(cancellationToken).ConfigureAwait(false));
    }

    // All of it, or the part up to the reset that is one too many; the rest waits in the pipe, and the client with it once that is full.
    private ReadResult Pass(ReadResult result)
    {
        var buffer = result.Buffer;
        var isWhole = true;
        foreach (var memory in buffer.Slice(Math.Min(_scanned, buffer.Length)))
        {
            var bytes = memory.Span;
            while (!bytes.IsEmpty && isWhole)
            {
                var read = _scanner.Read(bytes, out var isReset);
                _scanned += read;
                bytes = bytes[read..];
                isWhole = !isReset || TryPay();
            }
            if (!isWhole)
            {
                break;
            }
        }
        _mustWait = !isWhole;
        _given = isWhole ? buffer : buffer.Slice(0, _scanned);
        return isWhole ? result : new ReadResult(_given, result.IsCanceled, isCompleted: false);
    }

    private bool TryPay()
    {
        var now = _clock.GetTimestamp();
        _paid = Math.Max(_paid, now) + _cost;
        return _paid - now <= _burst;
    }
}
