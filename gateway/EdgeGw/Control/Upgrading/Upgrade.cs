using System.Text.Json;
using EdgeGw.Configuration;
using EdgeGw.Control.Catalog;
using EdgeGw.Control.Changes;
using EdgeGw.Control.HandingOver;
using EdgeGw.Control.Observability;
using EdgeGw.Control.Storage;
using EdgeGw.Control.Supervision;

namespace EdgeGw.Control.Upgrading;

/// <summary>Puts the program that is now at this one's path in its place: first the new program's own word that it can (<see cref="Preflight"/>), then a worker of it in the place of ours, then
/// control itself, by execve in the same process. At each step before the last, what is wrong leaves everything as it was.</summary>
internal sealed class Upgrade(
    HandOvers handOvers, WorkerSupervisor workers, EdgeGwCommand? program, IReadOnlyList<string> arguments, StateDirectory state, GatewaySettings settings, int count, DeploymentLog deployments, ControlLog log, TimeProvider clock)
{
    private readonly TaskCompletionSource _due = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What is at this program's path; null when it cannot be exchanged.</summary>
    internal EdgeGwCommand? Program { get; } = program;

    /// <summary>Programs that took the place of another one in this process, this one included.</summary>
    internal int Count { get; } = count;

    /// <summary>Ends when control itself is to be replaced.</summary>
    internal Task Due => _due.Task;

    /// <summary>Prepares everything up to the exec, which comes once whoever asked has an answer. Throws <see cref="ChangeRefusedException"/>; then nothing has changed.</summary>
    internal Task<(WorkerInstance Worker, string Version)> PrepareAsync(CancellationToken cancellation) => deployments.FollowAsync("upgrade", "upgrade", () => handOvers.InTurnAsync(async () =>
    {
        if (Program is null)
        {
            throw new ChangeRefusedException(409, "This gateway runs inside another program and cannot be upgraded in place; restart it.");
        }
        if (_due.Task.IsCompleted)
        {
            throw new ChangeRefusedException(503, "An upgrade is under way already.");
        }
        var report = await Preflight.RunAsync(Program, arguments);
        RefuseOtherAddresses(report.Settings);
        var before = await File.ReadAllBytesAsync(state.SettingsFile, CancellationToken.None);
        RunFile.Write(state.SettingsFile, JsonSerializer.SerializeToUtf8Bytes(report.Settings, PreflightJson.Default.JsonElement));
        if (await handOvers.RunInTurnAsync("upgrade", Program) is { } failure)
        {
            RunFile.Write(state.SettingsFile, before);
            throw new ChangeRefusedException(422, $"The upgrade to {report.Version} was not made.", $"{failure} The gateway from before serves on.");
        }
        log.Info($"'{Program.Executable}' (version {report.Version}) takes over from here.");
        return (workers.InService ?? throw new ChangeRefusedException(503, "The new worker ended just after it had taken over; another is started."), report.Version);
    }, cancellation), clock);

    /// <summary>Has control replaced, after <see cref="PrepareAsync"/>.</summary>
    internal void Go() => _due.TrySetResult();

    /// <summary>Prepares and goes, for a signal, which has nobody to answer: what is wrong is logged.</summary>
    internal async Task RunAsync()
    {
        try
        {
            await PrepareAsync(CancellationToken.None);
            Go();
        }
        catch (ChangeRefusedException e)
        {
            log.Error(e.Reasons.Count == 0 ? e.Message : $"{e.Message} {string.Join(' ', e.Reasons)}");
        }
    }

    /// <summary>Replaces this program; returns only when the system refuses, and then with nothing left to go on with. All other users of the process have ended.</summary>
    internal void Execute(Succession succession, IReadOnlyList<System.Runtime.InteropServices.SafeHandle> inherited)
    {
        succession.Leave(state);
        ChildStart.Replace(Program!.Executable, inherited);
        // The file has gone since the preflight: this very program goes on in its own place.
        ChildStart.Replace("/proc/self/exe", inherited);
    }

    private void RefuseOtherAddresses(JsonElement next)
    {
        var read = next.Deserialize(SettingsJson.Default.GatewaySettings) ?? new GatewaySettings();
        if (!read.Listen.SequenceEqual(settings.Listen) || read.Admin != settings.Admin)
        {
            throw new ChangeRefusedException(409, "Listen or Admin has changed, which takes a restart; nothing was changed.");
        }
    }
}
