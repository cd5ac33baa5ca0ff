using EdgeGw.Control.Observability;

namespace EdgeGw.Control.Telemetry;

/// <summary>Whether the collector takes one signal, said once when it begins to fail and once when it is over, however often it is tried.</summary>
/// <param name="name"><c>traces</c> or <c>metrics</c>.</param>
/// <param name="client">Who sends.</param>
/// <param name="endpoint">The collector, for people.</param>
/// <param name="log">Where it is said.</param>
internal sealed class CollectorSignal(string name, OtlpClient client, string endpoint, ControlLog log)
{
    /// <summary>Whether the last attempt failed.</summary>
    internal bool IsDown { get; private set; }

    /// <summary>Sends; one caller at a time.</summary>
    internal async Task<OtlpAnswer> SendAsync(ReadOnlyMemory<byte> request, CancellationToken cancellation)
    {
        var answer = await client.SendAsync(name, request, cancellation);
        var isDown = answer.Outcome != OtlpOutcome.Taken;
        if (isDown && !IsDown)
        {
            log.Warning($"The collector at {endpoint} does not take {name}: {answer.Reason}. It is tried again; traces wait meanwhile as far as Telemetry:Queue allows.");
        }
        else if (!isDown && IsDown)
        {
            log.Info($"The collector at {endpoint} takes {name} again.");
        }
        IsDown = isDown;
        return answer;
    }
}
