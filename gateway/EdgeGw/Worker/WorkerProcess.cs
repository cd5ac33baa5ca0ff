using System.IO.Pipes;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using EdgeGw.Calls;
using EdgeGw.Configuration;
using EdgeGw.Epochs;
using EdgeGw.Generations;
using EdgeGw.Interop;
using EdgeGw.Logging;
using EdgeGw.Memory;
using EdgeGw.Pipeline;
using EdgeGw.Pipeline.Run;
using EdgeGw.Services.Storage.Directory;
using EdgeGw.Worker.Draining;
using Microsoft.Win32.SafeHandles;

namespace EdgeGw.Worker;

/// <summary>The role that serves: handler libraries behind bare Kestrel on sockets that control owns. Everything slow comes after the first byte can be answered.</summary>
internal static class WorkerProcess
{
    private static AnonymousPipeClientStream? s_life;

    /// <summary>Serves until control says stop; returns the exit code.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        // Before there are handlers, which may bring libraries of their own and take them away again.
        var linked = CodePages.Mapped();
        WorkerOptions options;
        GatewaySettings settings;
        try
        {
            options = WorkerOptions.Parse(args);
            settings = JsonSerializer.Deserialize(await File.ReadAllBytesAsync(options.Settings).ConfigureAwait(false), SettingsJson.Default.GatewaySettings)!;
        }
        catch (Exception e) when (e is FormatException or IOException or JsonException)
        {
            await Console.Error.WriteLineAsync($"edgegw worker: {e.Message}").ConfigureAwait(false);
            return 2;
        }

        // Control decides when the worker ends; a Ctrl-C in the terminal reaches both, and requests under way shall finish.
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, static c => c.Cancel = true);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, static c => c.Cancel = true);
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, static c => c.Cancel = true);

        if (options.Only is not null)
        {
            settings.AccessLog.Enabled = false; // the shared worker has logged the request
        }
        if (options.BlameDescriptor is { } blame)
        {
            BlameMemory.Open(blame);
        }
        await using var log = new LogHub(settings.Log, Console.OpenStandardError(), TimeProvider.System);
        var ledger = new VersionLedger();
        var context = new PipelineContext(settings, log, ledger, TimeProvider.System, options.State);
        ExchangeTable.Context = context;
        context.Services.Begin();
        if (options.SecretsDescriptor is { } secrets)
        {
            context.Services.Secrets.Take(ReadSecrets(secrets));
        }
        var holder = new EpochHolder();
        var loader = new EpochLoader(settings, options.State, ledger, log, TimeProvider.System) { Excused = options.Excused, Copies = options.Copies };
        var epochs = new EpochSwitch(loader, holder, context.Services, settings.Handlers.StreamDrainMs, log);
        // Not closed here: its end would say, for as long as the process takes to end, that somebody has closed descriptors that are not his.
        s_life = options.ReadyDescriptor is { } ready ? new AnonymousPipeClientStream(PipeDirection.Out, ready) : null;
        if (BootEpoch(options, epochs, log) is { Count: > 0 } reasons)
        {
            await SayAsync(s_life, $"REFUSED {JsonSerializer.Serialize(reasons, WorkerJson.Default.IReadOnlyListString)}").ConfigureAwait(false);
            return 1;
        }

        PresignedUrls.Gateway = options.Listeners.Select(listener => listener.Url).Append(options.Gateway).OfType<string>().Select(url => new Uri(url)).FirstOrDefault();
        using var watchdog = new Watchdog(context);
        using var pool = new PoolWatch(settings.Worker.Threads, context.Scheduler.GoOn);
        context.Pool = pool;
        await using var server = new DataServer(settings, options.Listeners, options.Relay, new Gateway(context, holder) { IsRelayed = options.Relay is not null }, log);
        context.Loops = server.Loops;
        await server.StartAsync().ConfigureAwait(false);
        ProcessLimits.Set(options.Only is null && settings.Worker.MemoryBytes > 0 ? [ProcessLimits.MemoryOf(settings.Worker.MemoryBytes)] : options.Limits);
        await SayAsync(s_life, $"READY epoch={holder.Current.Number}").ConfigureAwait(false);

        using var liveness = new LivenessServer(options.LivenessSocket, server.GoesRound);
        var stop = new StopOrders(TimeProvider.System);
        await using var control = new WorkerControl(options, settings, context, holder, epochs, server, stop, log);
        await control.StartAsync().ConfigureAwait(false);
        using var idle = new IdleMemory(TimeProvider.System, () => linked);
        using (new DescriptorServer(options.DescriptorSocket, options.Listeners, log))
        {
            await stop.Requested.ConfigureAwait(false);
        }
        await server.StopAsync(stop).ConfigureAwait(false);
        await context.Services.StopAsync(TimeSpan.FromMilliseconds(settings.Worker.StopTimeoutMs)).ConfigureAwait(false);
        await context.AccessLog.DisposeAsync().ConfigureAwait(false);
        return 0;
    }

    // Closed before any handler is loaded.
    private static IReadOnlyDictionary<string, string> ReadSecrets(int descriptor)
    {
        using var memory = new SafeFileHandle(descriptor, ownsHandle: true);
        var bytes = new byte[RandomAccess.GetLength(memory)];
        _ = RandomAccess.Read(memory, bytes, 0);
        return JsonSerializer.Deserialize(bytes, WorkerJson.Default.IReadOnlyDictionaryStringString)!;
    }

    // Why the worker must not serve; a worker that is not strict always may.
    private static IReadOnlyList<string> BootEpoch(WorkerOptions options, EpochSwitch epochs, LogHub log)
    {
        var path = options.Epoch;
        if (path.Length == 0)
        {
            return [];
        }
        try
        {
            var epoch = JsonSerializer.Deserialize(File.ReadAllBytes(path), EpochJson.Default.EpochConfig) ?? throw new JsonException("it holds no epoch.");
            if (options.ViewOf(epoch) is not { } own)
            {
                return [$"Epoch {epoch.Number} does not have the handler that this worker was started for."];
            }
            epoch = own;
            return epochs.TrySwitch(epoch with { Quarantine = [.. epoch.Quarantine, .. LeftOut(options, epoch)] }, options.Strict, out var reasons) ? [] : reasons;
        }
        catch (Exception e) when (e is IOException or JsonException or UnauthorizedAccessException)
        {
            log.Write(Level.Critical, "worker", $"The epoch {path} cannot be read, so no route is served: {e.Message}");
            return options.Strict ? [$"The epoch {path} cannot be read: {e.Message}"] : [];
        }
    }

    // Until control has made the epoch that says so for good.
    private static IEnumerable<EpochQuarantine> LeftOut(WorkerOptions options, EpochConfig epoch) =>
        from handler in epoch.Handlers
        where options.Without.Contains($"{handler.Name}={handler.Sha256}")
        select new EpochQuarantine
        {
            Name = handler.Name,
            Version = handler.Version,
            Sha256 = handler.Sha256,
            Reason = $"{handler.Name} {handler.Version} has just killed the worker and is being taken out of service.",
            Since = TimeProvider.System.GetUtcNow(),
        };

    private static async Task SayAsync(AnonymousPipeClientStream? pipe, string line)
    {
        if (pipe is null)
        {
            return;
        }
        try
        {
            await pipe.WriteAsync(Encoding.UTF8.GetBytes(line + "\n")).ConfigureAwait(false);
        }
        catch (IOException)
        {
            // Control has died meanwhile; the next one finds this worker by its socket.
        }
    }
}
