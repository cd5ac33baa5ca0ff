using System.Globalization;
using System.IO.Pipes;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using EdgeGw.Configuration;
using EdgeGw.Control.Crashes;
using EdgeGw.Control.Storage;
using EdgeGw.Control.Systemd;
using EdgeGw.Control.Upgrading;
using EdgeGw.Epochs;
using EdgeGw.Interop;
using EdgeGw.Worker;
using Microsoft.Win32.SafeHandles;

namespace EdgeGw.Control.Supervision;

/// <summary>One worker process, our child.</summary>
internal sealed class WorkerInstance : IDisposable
{
    private const string ReadyPrefix = "READY epoch=";
    private const int KilledCode = 128 + 9;
    private const uint Exiting = 4; // PF_EXITING
    private const string RefusedPrefix = "REFUSED ";
    private const int MostFirstLineBytes = 65_536;

    private readonly WorkerProcess _process;
    private readonly TaskCompletionSource<bool> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _life = new();
    private readonly long _started;
    private readonly TimeProvider _clock;
    private readonly StateDirectory _state;
    private long _epoch;
    private volatile bool _wasKilled;

    private WorkerInstance(int id, WorkerProcess process, WorkerChannels? channels, bool serves, StateDirectory state, TimeProvider clock)
    {
        Id = id;
        _process = process;
        _state = state;
        _clock = clock;
        _started = clock.GetTimestamp();
        Client = new WorkerClient(state.WorkerSocket(id), _life.Token);
        Channels = channels;
        Pulse = new WorkerPulse(state.WorkerLiveness(id), clock);
        Exited = ExitedAsync();
        if (serves)
        {
            _ready.SetResult(true);
        }
        if (channels is not null)
        {
            new Thread(() => ReadLife(channels), 256 * 1024) { IsBackground = true, Name = "worker life" }.Start();
        }
    }

    internal int Id { get; }

    internal int ProcessId => _process.Id;

    internal WorkerClient Client { get; }

    internal WorkerPulse Pulse { get; }

    /// <summary>True once it serves; false when it died before, or refused. Never faults.</summary>
    internal Task<bool> Ready => _ready.Task;

    /// <summary>Why it refused the epoch that it was started with; empty unless <see cref="Ready"/> gave false for that.</summary>
    internal IReadOnlyList<string> Refusals { get; private set; } = [];

    /// <summary>The exit code, when it has ended; 128 plus the number of the signal that killed it.</summary>
    internal Task<int> Exited { get; }

    /// <summary>What it shares with control beside its sockets; null for one whose control has died.</summary>
    internal WorkerChannels? Channels { get; }

    /// <summary>Who was inside which call when somebody in it closed its descriptors, for which control has killed it; null when nobody has.</summary>
    internal CrashSnapshot? WhenSevered { get; private set; }

    /// <summary>Who was inside which call when it had not become ready in time, for which control has ended it; null when it had, or nobody was.</summary>
    internal CrashSnapshot? WhenLate { get; private set; }

    /// <summary>The epoch that it serves, 0 for none.</summary>
    internal long Epoch
    {
        get => Interlocked.Read(ref _epoch);
        set => Interlocked.Exchange(ref _epoch, value);
    }

    /// <summary>Whether it is a child of this process.</summary>
    internal bool IsChild => _process.IsChild;

    /// <summary>Whether it serves one deployment alone.</summary>
    internal bool IsIsolated { get; set; }

    /// <summary>Whether another control has started it.</summary>
    internal bool IsAdopted { get; private init; }

    /// <summary>Time since its start.</summary>
    internal TimeSpan Age => _clock.GetElapsedTime(_started);

    /// <summary>Starts a worker on the listening sockets. A <paramref name="strict"/> one serves the whole epoch, but for those who are <paramref name="excused"/>, or refuses it; another serves what
    /// it can, and not the versions <paramref name="without"/>.</summary>
    internal static WorkerInstance Start(
        int id, EdgeGwCommand command, StateDirectory state, GatewaySettings settings, ListenSockets sockets, string epochPath, bool strict, IReadOnlyList<EpochQuarantine> without,
        IReadOnlyDictionary<string, string> secrets, TimeProvider clock, IReadOnlyList<EpochHandler>? excused = null) =>
        Start(id, command, state, settings, epochPath, strict,
            [.. sockets.Sockets.SelectMany(socket => (string[])["--listen", string.Create(CultureInfo.InvariantCulture, $"{socket.Socket.Handle}={socket.Url}")]),
                .. without.SelectMany(version => (string[])["--without", $"{version.Name}={version.Sha256}"]),
                .. (excused ?? []).SelectMany(version => (string[])["--excuse", $"{version.Name}={version.Sha256}"])],
            [.. sockets.Sockets.Select(socket => socket.Socket.SafeHandle)], secrets, clock);

    /// <summary>Starts the worker of one deployment, which gets its requests from the shared one.</summary>
    internal static WorkerInstance StartIsolated(int id, EdgeGwCommand command, StateDirectory state, GatewaySettings settings, string epochPath, bool strict, string key, EpochIsolation limits, string gatewayUrl,
        IReadOnlyDictionary<string, string> secrets, TimeProvider clock)
    {
        var arguments = new List<string> { "--only", key, "--relay", state.WorkerRelay(id), "--gateway", gatewayUrl };
        foreach (var (name, value) in ((string, long?)[])[(ProcessLimits.Memory, limits.MemoryBytes), (ProcessLimits.Cpu, limits.CpuSeconds), (ProcessLimits.OpenFiles, limits.OpenFiles)])
        {
            if (value is not null)
            {
                arguments.AddRange(["--limit", string.Create(CultureInfo.InvariantCulture, $"{name}={value}")]);
            }
        }
        var worker = Start(id, command, state, settings, epochPath, strict, arguments, [], secrets, clock);
        worker.IsIsolated = true;
        return worker;
    }

    private static WorkerInstance Start(
        int id, EdgeGwCommand command, StateDirectory state, GatewaySettings settings, string epochPath, bool strict, IReadOnlyList<string> role, IReadOnlyList<SafeHandle> sockets,
        IReadOnlyDictionary<string, string> secrets, TimeProvider clock)
    {
        // Neither end is inherited by itself: ChildStart hands over the write end.
        var ready = new AnonymousPipeServerStream(PipeDirection.In, HandleInheritability.None);
        CrashMemory? calls = null;
        // Neither arguments nor variables, which other processes of this user can read.
        using var told = InMemory(secrets);
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
            arguments.AddRange(role);
            arguments.Add("--ready-fd");
            arguments.Add(ready.GetClientHandleAsString());
            calls = new CrashMemory(settings.Crashes.Threads, settings.Limits.Concurrency);
            arguments.AddRange(["--blame-fd", calls.Handle.DangerousGetHandle().ToString(CultureInfo.InvariantCulture)]);
            if (told is not null)
            {
                arguments.AddRange(["--secrets-fd", told.DangerousGetHandle().ToString(CultureInfo.InvariantCulture)]);
            }
            SafeHandle[] inherited = [ready.ClientSafePipeHandle, calls.Handle, .. told is null ? Array.Empty<SafeHandle>() : [told], .. sockets];
            var start = command.With(arguments);
            start.RedirectStandardError = true;
            var process = ChildStart.Start(SystemdVariables.Withhold(start), inherited);
            ready.DisposeLocalCopyOfClientHandle();
            return new WorkerInstance(id, new WorkerProcess.Started(process), new WorkerChannels(ready, process.StandardError.BaseStream, calls, settings.Crashes.TailBytes), serves: false, state, clock);
        }
        catch
        {
            ready.Dispose();
            calls?.Dispose();
            throw;
        }
    }

    private static SafeFileHandle? InMemory(IReadOnlyDictionary<string, string> secrets)
    {
        if (secrets.Count == 0)
        {
            return null;
        }
        var bytes = JsonSerializer.SerializeToUtf8Bytes(secrets, WorkerJson.Default.IReadOnlyDictionaryStringString);
        var memory = ControlPosix.CreateMemory("edgegw-secrets", bytes.Length);
        RandomAccess.Write(memory, bytes, 0);
        return memory;
    }

    /// <summary>Takes over a worker that serves already.</summary>
    internal static WorkerInstance Adopt(int id, WorkerProcess process, WorkerChannels? channels, long epoch, StateDirectory state, TimeProvider clock) =>
        new(id, process, channels, serves: true, state, clock) { Epoch = epoch, IsAdopted = true };

    /// <summary>What the program after this one in the same process needs to go on with it.</summary>
    internal InheritedWorker Leave() => new(Id, ProcessId, Epoch, Channels?.Leave());

    /// <summary>Ends it at once; one that has ended already, even a forgotten one, is left alone.</summary>
    internal void Kill()
    {
        if (!Exited.IsCompleted)
        {
            _wasKilled = true;
            _process.Kill();
        }
    }

    /// <summary>Whether it ended since <see cref="Kill"/> was called, and not for what a library did to its start: one that had died already keeps its own exit code.</summary>
    internal bool WasEnded(int exitCode) => _wasKilled && exitCode == KilledCode && WhenLate is null;

    /// <summary>Waits until it is ready, has refused or has ended; false when it is late. It has so long to begin with, then so long and the time of one library for each that it begins to load:
    /// the worker itself ends one that takes longer, so that many slow ones are no reason to end a worker.</summary>
    internal async Task<bool> StartsAsync(GatewaySettings settings)
    {
        var patience = TimeSpan.FromMilliseconds(settings.Worker.StartTimeoutMs);
        for (var begun = 0; ;)
        {
            try
            {
                await Task.WhenAny(Ready, Exited).WaitAsync(patience, _clock);
                return true;
            }
            catch (TimeoutException)
            {
                var now = Channels?.Calls.Begun ?? 0;
                if (now <= begun)
                {
                    WhenLate = Channels?.Calls.Read() is { } calls && calls.Threads.Any(slot => slot.Call != 0) ? calls : null;
                    return false;
                }
                begun = now;
                patience = TimeSpan.FromMilliseconds((long)settings.Worker.StartTimeoutMs + settings.Handlers.LoadTimeoutMs);
            }
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
        Channels?.Calls.Dispose();
        File.Delete(_state.WorkerSocket(Id));
        File.Delete(_state.WorkerDescriptors(Id));
        File.Delete(_state.WorkerLiveness(Id));
        File.Delete(_state.WorkerRelay(Id));
        Orphans.RemoveCopies(_state, Id);
    }

    // The next worker's start comes first; whoever talks to this one is told after that.
    private async Task<int> ExitedAsync()
    {
        var exitCode = await _process.Exited;
        _ = Task.Run(_life.Cancel);
        return exitCode;
    }

    // On a thread of its own: a read of a pipe blocks.
    private void ReadLife(WorkerChannels channels)
    {
        try
        {
            using var life = channels.Life;
            if (!_ready.Task.IsCompleted)
            {
                _ready.SetResult(IsReady(FirstLine(life)));
            }
            if (!_ready.Task.Result)
            {
                return; // it ends by itself, or after Worker.StartTimeoutMs
            }
            // It says no more; the end of the pipe is its own end, unless somebody in it closes descriptors that are not his. Then it serves nobody any more and may not even notice.
            Span<byte> unasked = stackalloc byte[1024];
            while (life.Read(unasked) > 0)
            {
            }
            if (!Exited.IsCompleted && !IsEnding())
            {
                WhenSevered = channels.Calls.Read(); // before whoever did it returns
                _process.Kill();
            }
        }
        catch (Exception)
        {
            // On a thread of its own this would be control's end, for what a worker's handlers may have written. One that is not ready by now never is; any other is ended, as one whose pipe is closed.
            if (_ready.TrySetResult(false))
            {
                return;
            }
            _process.Kill();
        }
    }

    private static string? FirstLine(Stream life)
    {
        var bytes = new byte[MostFirstLineBytes];
        var length = 0;
        while (length < bytes.Length && life.Read(bytes, length, bytes.Length - length) is var read and > 0)
        {
            length += read;
            if (bytes.AsSpan(0, length).IndexOf((byte)'\n') is var end and >= 0)
            {
                return Encoding.UTF8.GetString(bytes, 0, end).TrimEnd('\r');
            }
        }
        return null;
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
