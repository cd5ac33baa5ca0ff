using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace EdgeGw.Worker.Defences;

/// <summary>Counts the connections that Kestrel ended because of what the client did, by Kestrel's own name for it: slow heads and bodies, slow readers, floods of HTTP/2 frames, malformed requests.
/// Kestrel says it with the tag <c>error.type</c> of its metric <c>kestrel.connection.duration</c>.</summary>
internal sealed class ConnectionEnds : IDisposable
{
    private const string Meter = "Microsoft.AspNetCore.Server.Kestrel";
    private const string Duration = "kestrel.connection.duration";
    private const string Reason = "error.type";

    private static readonly ConcurrentDictionary<string, long> s_counts = new();

    private readonly MeterListener _listener = new();

    /// <summary>Begins to count.</summary>
    public ConnectionEnds()
    {
        _listener.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument.Meter.Name == Meter && instrument.Name == Duration)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<double>(static (_, _, tags, _) =>
        {
            foreach (var (name, value) in tags)
            {
                // Kestrel's reasons are a fixed list; anything else would be an exception's type.
                if (name == Reason && value is string reason)
                {
                    s_counts.AddOrUpdate(reason, 1, static (_, count) => count + 1);
                }
            }
        });
        _listener.Start();
    }

    /// <summary>Reasons and counts, in the order of their names.</summary>
    public static IEnumerable<KeyValuePair<string, long>> All => s_counts.OrderBy(count => count.Key, StringComparer.Ordinal);

    /// <inheritdoc/>
    public void Dispose() => _listener.Dispose();
}
