using System.Globalization;
using System.IO.Pipes;
using System.Runtime.InteropServices;
using System.Text.Json;
using EdgeGw.Control.Storage;
using EdgeGw.Worker;

namespace EdgeGw.Control.Supervision;

/// <summary>One worker process, our child.</summary>
internal sealed class WorkerInstance : IDisposable
{
    private const string ReadyPrefix = "READY epoch=";
    private const string RefusedPrefix = "REFUSED ";

    private readonly WorkerProcess _process;
    private readonly CancellationTokenSource _life = new();
    private readonly long _started;
    private readonly TimeProvider _clock;
    private readonly StateDirectory _state;
    private long _epoch;

    private WorkerInstance(int id, WorkerProcess process, AnonymousPipeServerStream? ready, StateDirectory state, TimeProvider clock)
    {
        Id = id;
        _process = process;
        _state = state;
        _clock = clock;
        _started = clock.GetTimestamp();
        Client = new WorkerClient(state.WorkerSocket(id), _life.Token);
        Exited = ExitedAsync();
        Ready = ready is null ? Task.FromResult(true) : ReadReadyAsync(ready);
    }

    internal int Id { get; }

    internal int ProcessId => _process.Id;

    internal WorkerClient Client { get; }

    /// <summary>True once it serves; false when it died before, or refused. Never faults.</summary>
    internal Task<bool> Ready { get; }

    /// <summary>Why it refused the epoch that it was started with; empty unless <see cref="Ready"/> gave false for that.</summary>
    internal IReadOnlyList<string> Refusals { get; private set; } = [];

    /// <summary>The exit code, when it has ended; 128 plus the number of the signal that killed it.</summary>
    internal Task<int> Exited { get; }

    /// <summary>The epoch that it serves, 0 for none.</summary>
    internal long Epoch
    {
        get => Interlocked.Read(ref _epoch);
        set => Interlocked.Exchange(ref _epoch, value);
    }

    /// <summary>Whether another control has started it.</summary>
    internal bool IsAdopted { get; private init; }

    /// <summary>Whether it was control that ended it.</summary>
    internal bool WasKilled { get; private set; }

    /// <summary>Time since its start.</summary>
    internal TimeSpan Age => _clock.GetElapsedTime(_started);

    /// <summary>Starts a worker on the listening sockets. A <paramref name="strict"/> one serves the whole epoch or refuses it; another serves what it can.</summary>
    internal static WorkerInstance Start(int id, EdgeGwCommand command, StateDirectory state, ListenSockets sockets, string epochPath, bool strict, TimeProvider clock)
    {
        // Neither end is inherited by itself: ChildStart hands over the write end.
        var ready = new AnonymousPipeServerStream(PipeDirection.In, HandleInheritability.None);
        try
        {
            var arguments = new List<string>
            {
                "worker", "--id", id.ToString(CultureInfo.InvariantCulture), "--state", state.Root, "--settings", state.SettingsFile, "--epoch", epochPath,
            };
            if (strict)
            {
                arguments.AddRange(["--strict", "true"]);
            }
            foreach (var socket in sockets.Sockets)
            {
                arguments.Add("--listen");
                arguments.Add(string.Create(CultureInfo.InvariantCulture, $"{socket.Socket.Handle}={socket.Url}"));
            }
            arguments.Add("--ready-fd");
            arguments.Add(ready.GetClientHandleAsString());
            SafeHandle[] inherited = [ready.ClientSafePipeHandle, .. sockets.Sockets.Select(s => s.Socket.SafeHandle)];
            var process = ChildStart.Start(command.With(arguments), inherited);
            ready.DisposeLocalCopyOfClientHandle();
            return new WorkerInstance(id, new WorkerProcess.Started(process), ready, state, clock);
        }
        catch
        {
            ready.Dispose();
            throw;
        }
    }

    /// <summary>Takes over a worker that serves already.</summary>
    internal static WorkerInstance Adopt(int id, WorkerProcess process, long epoch, StateDirectory state, TimeProvider clock) => new(id, process, null, state, clock) { Epoch = epoch, IsAdopted = true };

    /// <summary>Ends it at once; one that has ended already, even a forgotten one, is left alone.</summary>
    internal void Kill()
    {
        if (!Exited.IsCompleted)
        {
            WasKilled = true;
            _process.Kill();
        }
    }

    /// <summary>How it ended, for a log line.</summary>
    internal static string Ending(int exitCode) =>
        exitCode > 128 ? string.Create(CultureInfo.InvariantCulture, $"signal {exitCode - 128}") : string.Create(CultureInfo.InvariantCulture, $"exit code {exitCode}");

    /// <summary>Forgets a worker that has ended.</summary>
    public void Dispose()
    {
        Client.Dispose();
        _process.Dispose();
        File.Delete(_state.WorkerSocket(Id));
        File.Delete(_state.WorkerDescriptors(Id));
    }

    // The next worker's start comes first; whoever talks to this one is told after that.
    private async Task<int> ExitedAsync()
    {
        var exitCode = await _process.Exited;
        _ = Task.Run(_life.Cancel);
        return exitCode;
    }

    private async Task<bool> ReadReadyAsync(AnonymousPipeServerStream pipe)
    {
        await Task.Yield(); // the first read of a pipe may block
        using var reader = new StreamReader(pipe);
        var line = await reader.ReadLineAsync();
        if (line?.StartsWith(RefusedPrefix, StringComparison.Ordinal) == true)
        {
            Refusals = ReadReasons(line[RefusedPrefix.Length..]);
            return false;
        }
        if (line is null || !line.StartsWith(ReadyPrefix, StringComparison.Ordinal)
            || !long.TryParse(line.AsSpan(ReadyPrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var epoch))
        {
            return false;
        }
        Epoch = epoch;
        return true;
    }

    // A worker that dies in the middle of the line has refused too.
    private static IReadOnlyList<string> ReadReasons(string json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, WorkerJson.Default.IReadOnlyListString) is { Count: > 0 } reasons ? reasons : [json];
        }
        catch (JsonException)
        {
            return [json];
        }
    }
}
