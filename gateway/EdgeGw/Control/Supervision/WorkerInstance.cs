using System.Diagnostics;
using System.Globalization;
using System.IO.Pipes;
using System.Runtime.InteropServices;
using System.Text.Json;
using EdgeGw.Configuration;
using EdgeGw.Control.Crashes;
using EdgeGw.Control.Storage;
using EdgeGw.Control.Systemd;
using EdgeGw.Epochs;
using EdgeGw.Worker;

namespace EdgeGw.Control.Supervision;

/// <summary>One worker process, our child.</summary>
internal sealed class WorkerInstance : IDisposable
{
    private const string ReadyPrefix = "READY epoch=";
    private const int KilledCode = 128 + 9;
    private const uint Exiting = 4; // PF_EXITING
    private const string RefusedPrefix = "REFUSED ";

    private readonly Process _process;
    private readonly TaskCompletionSource<int> _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<bool> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _life = new();
    private readonly long _started;
    private readonly TimeProvider _clock;
    private readonly StateDirectory _state;
    private long _epoch;
    private volatile bool _wasKilled;

    private WorkerInstance(int id, Process process, AnonymousPipeServerStream life, CrashMemory calls, int keepErrors, StateDirectory state, TimeProvider clock)
    {
        Id = id;
        _process = process;
        _state = state;
        _clock = clock;
        _started = clock.GetTimestamp();
        ProcessId = process.Id;
        Client = new WorkerClient(state.WorkerSocket(id), _life.Token);
        Calls = calls;
        Errors = new StandardErrorTail(process.StandardError.BaseStream, Console.OpenStandardError(), keepErrors);
        Pulse = new WorkerPulse(state.WorkerLiveness(id), clock);
        process.Exited += (_, _) => Ended(process.ExitCode);
        process.EnableRaisingEvents = true;
        new Thread(() => ReadLife(life), 256 * 1024) { IsBackground = true, Name = "worker life" }.Start();
    }

    internal int Id { get; }

    internal int ProcessId { get; }

    internal WorkerClient Client { get; }

    internal WorkerPulse Pulse { get; }

    /// <summary>True once it serves; false when it died before, or refused. Never faults.</summary>
    internal Task<bool> Ready => _ready.Task;

    /// <summary>Why it refused the epoch that it was started with; empty unless <see cref="Ready"/> gave false for that.</summary>
    internal IReadOnlyList<string> Refusals { get; private set; } = [];

    /// <summary>The exit code, when it has ended; 128 plus the number of the signal that killed it.</summary>
    internal Task<int> Exited => _exited.Task;

    /// <summary>Who is inside which call in it.</summary>
    internal CrashMemory Calls { get; }

    /// <summary>What it writes to standard error.</summary>
    internal StandardErrorTail Errors { get; }

    /// <summary>Who was inside which call when somebody in it closed its descriptors, for which control has killed it; null when nobody has.</summary>
    internal CrashSnapshot? WhenSevered { get; private set; }

    /// <summary>The epoch that it serves, 0 for none.</summary>
    internal long Epoch
    {
        get => Interlocked.Read(ref _epoch);
        set => Interlocked.Exchange(ref _epoch, value);
    }

    /// <summary>Time since its start.</summary>
    internal TimeSpan Age => _clock.GetElapsedTime(_started);

    /// <summary>Starts a worker on the listening sockets. A <paramref name="strict"/> one serves the whole epoch or refuses it; another serves what it can, and not the versions
    /// <paramref name="without"/>.</summary>
    internal static WorkerInstance Start(
        int id, EdgeGwCommand command, StateDirectory state, GatewaySettings settings, ListenSockets sockets, string epochPath, bool strict, IReadOnlyList<EpochQuarantine> without, TimeProvider clock)
    {
        // Neither end is inherited by itself: ChildStart hands over the write end.
        var ready = new AnonymousPipeServerStream(PipeDirection.In, HandleInheritability.None);
        CrashMemory? calls = null;
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
            calls = new CrashMemory(settings.Crashes.Threads, settings.Limits.Concurrency);
            arguments.AddRange(["--blame-fd", calls.Handle.DangerousGetHandle().ToString(CultureInfo.InvariantCulture)]);
            foreach (var version in without)
            {
                arguments.AddRange(["--without", $"{version.Name}={version.Sha256}"]);
            }
            SafeHandle[] inherited = [ready.ClientSafePipeHandle, calls.Handle, .. sockets.Sockets.Select(s => s.Socket.SafeHandle)];
            var start = command.With(arguments);
            start.RedirectStandardError = true;
            var process = ChildStart.Start(SystemdVariables.Withhold(start), inherited);
            ready.DisposeLocalCopyOfClientHandle();
            return new WorkerInstance(id, process, ready, calls, settings.Crashes.TailBytes, state, clock);
        }
        catch
        {
            ready.Dispose();
            calls?.Dispose();
            throw;
        }
    }

    /// <summary>Ends it at once; one that has ended already, even a forgotten one, is left alone.</summary>
    internal void Kill()
    {
        _wasKilled = true;
        KillNow();
    }

    private void KillNow()
    {
        try
        {
            _process.Kill();
        }
        catch (InvalidOperationException)
        {
            // Disposed: it ended between the decision and this call.
        }
    }

    /// <summary>Whether it ended since <see cref="Kill"/> was called: one that had died already keeps its own exit code.</summary>
    internal bool WasEnded(int exitCode) => _wasKilled && exitCode == KilledCode;

    /// <summary>How it ended, for a log line.</summary>
    internal static string Ending(int exitCode) =>
        exitCode > 128 ? string.Create(CultureInfo.InvariantCulture, $"signal {exitCode - 128}") : string.Create(CultureInfo.InvariantCulture, $"exit code {exitCode}");

    /// <summary>Forgets a worker that has ended.</summary>
    public void Dispose()
    {
        Client.Dispose();
        _process.Dispose();
        Calls.Dispose();
        File.Delete(_state.WorkerSocket(Id));
        File.Delete(_state.WorkerDescriptors(Id));
        File.Delete(_state.WorkerLiveness(Id));
    }

    // The next worker's start comes first; whoever talks to this one is told after that.
    private void Ended(int exitCode)
    {
        _exited.TrySetResult(exitCode);
        _life.Cancel();
    }

    // On a thread of its own: a read of a pipe blocks.
    private void ReadLife(AnonymousPipeServerStream pipe)
    {
        using var reader = new StreamReader(pipe);
        var ready = IsReady(reader.ReadLine());
        _ready.TrySetResult(ready);
        if (!ready)
        {
            return; // it ends by itself, or after Worker.StartTimeoutMs
        }
        // It says no more; the end of the pipe is its own end, unless somebody in it closes descriptors that are not his. Then it serves nobody any more and may not even notice.
        reader.ReadToEnd();
        if (!_exited.Task.IsCompleted && !IsEnding())
        {
            WhenSevered = Calls.Read(); // before whoever did it returns
            KillNow();
        }
    }

    // A process that is on its way out closes its descriptors before its parent is told.
    private bool IsEnding()
    {
        try
        {
            var stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{ProcessId}/stat"));
            // 12 (name) S ppid group session terminal foreground flags (proc(5)); the name may hold anything.
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return fields[0] is "Z" or "X" || (uint.Parse(fields[6], CultureInfo.InvariantCulture) & Exiting) != 0;
        }
        catch (IOException)
        {
            return true;
        }
    }

    private bool IsReady(string? line)
    {
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
