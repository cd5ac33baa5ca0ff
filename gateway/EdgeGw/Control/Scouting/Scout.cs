using EdgeGw.Configuration;
using EdgeGw.Control.Changes;
using EdgeGw.Control.Observability;
using EdgeGw.Control.Storage;
using EdgeGw.Control.Supervision;
using EdgeGw.Epochs;
using EdgeGw.Scouting;

namespace EdgeGw.Control.Scouting;

/// <summary>Loads a new library in a throwaway process first: whatever it does there, the worker never sees it.</summary>
internal sealed class Scout(EdgeGwCommand command, StateDirectory state, ControlLog log, HandlerSettings settings) : IDisposable
{
    private const string ReportPrefix = "scout-";

    // One at a time: a scout's figures mean little beside another scout.
    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>The report of a library that can be deployed. Throws <see cref="ChangeRefusedException"/> with a sentence for one that cannot.</summary>
    internal async Task<ScoutReport> InspectAsync(
        string library, string fileName, long heapBytes, IReadOnlyDictionary<string, string> config, CancellationToken cancellation)
    {
        try
        {
            return await RunAsync(library, fileName, heapBytes, config, cancellation);
        }
        catch (ScoutRefusedException e)
        {
            log.Warning(e.Said.Length == 0 ? e.Message : $"{e.Message} It wrote: {e.Said}");
            throw new ChangeRefusedException(422, $"{fileName} was not deployed.", e.Message);
        }
        catch (IOException e)
        {
            throw ChangeRefusedException.NotWritable(e);
        }
    }

    /// <summary>Why a deployed library cannot be started now; null when it can.</summary>
    internal async Task<string?> RefusalAsync(string library, EpochHandler handler, CancellationToken cancellation)
    {
        try
        {
            await RunAsync(library, handler.File, handler.Limits.HeapBytes ?? settings.HeapBytes, handler.Config, cancellation);
            return null;
        }
        catch (Exception e) when (e is ScoutRefusedException or IOException)
        {
            return e.Message;
        }
    }

    private async Task<ScoutReport> RunAsync(string library, string fileName, long heapBytes, IReadOnlyDictionary<string, string> config, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            var options = new ScoutOptions
            {
                Library = library,
                Report = Path.Combine(state.Run, $"{ReportPrefix}{Guid.NewGuid():N}.json"),
                HeapBytes = heapBytes,
                LoadMs = settings.LoadTimeoutMs,
                SelfTestMs = settings.SelfTestTimeoutMs,
                Config = config,
            };
            return await new ScoutRun(command, options, fileName, log.Warning).RunAsync(cancellation);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Removes reports that an earlier control left behind. At start only.</summary>
    internal static void RemoveLeftovers(StateDirectory state)
    {
        foreach (var path in Directory.GetFiles(state.Run, ReportPrefix + "*"))
        {
            File.Delete(path);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();
}
