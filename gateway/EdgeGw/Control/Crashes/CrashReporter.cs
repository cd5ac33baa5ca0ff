using System.Globalization;
using EdgeGw.Control.Supervision;

namespace EdgeGw.Control.Crashes;

/// <summary>Puts a report together from what a dead worker has left behind.</summary>
internal static class CrashReporter
{
    private const uint BySignal = 1;
    private const uint ByExit = 2;
    private const int SignalKill = 9;

    private static readonly Dictionary<int, string> s_signals = new()
    {
        [4] = "SIGILL, an illegal instruction",
        [5] = "SIGTRAP",
        [6] = "SIGABRT, abort() or a runtime that gave up",
        [7] = "SIGBUS, memory that is not there",
        [8] = "SIGFPE, a division by zero",
        [SignalKill] = "SIGKILL, from outside or by the kernel for want of memory",
        [11] = "SIGSEGV, memory that may not be touched",
        [24] = "SIGXCPU, all the processor time that it may have (--cpu-seconds)",
        [31] = "SIGSYS, a forbidden system call",
    };

    /// <summary>The report, but for standard error, which may still be coming.</summary>
    internal static CrashReport Make(long id, WorkerInstance worker, int exitCode, CrashSnapshot seen, DateTimeOffset now)
    {
        // Written by a child that a handler had forked: not about this process.
        var snapshot = seen.Fatal.Process == worker.ProcessId ? seen : seen with { Fatal = default, Stack = default };
        int? signal = exitCode > 128 ? exitCode - 128 : null;
        var suspects = CrashSuspects.Of(snapshot);
        // Nobody in the worker sends it SIGKILL: it says nothing about those who were at work.
        var blamed = signal == SignalKill && worker.WhenSevered is null && worker.WhenLate is null ? null : CrashSuspects.Blamed(suspects);
        var frames = CrashStack.Frames(snapshot);
        return new CrashReport
        {
            Id = id,
            Time = now,
            Worker = worker.Id,
            Pid = worker.ProcessId,
            UptimeMs = (long)worker.Age.TotalMilliseconds,
            Epoch = worker.Epoch,
            Signal = signal,
            ExitCode = signal is null ? exitCode : null,
            Cause = Cause(worker, snapshot, exitCode, signal),
            Blamed = blamed,
            Suspects = suspects,
            Requests = [.. snapshot.Requests.Take(CrashReport.MaxRequests).Select(request => Request(snapshot, request))],
            RequestsLeftOut = Math.Max(0, snapshot.Requests.Count - CrashReport.MaxRequests),
            Frames = frames,
            NativeStack = [.. frames.Select(frame => frame.ToString())],
            NativeStackNote = snapshot.Fatal.Kind == 0 ? CrashStack.NotSeen : frames.Count == 0 ? CrashStack.NoneOfHandlers : CrashStack.Found,
        };
    }

    /// <summary>The lines in which a .NET runtime says why it gives up.</summary>
    internal static IReadOnlyList<string> ManagedStack(string standardError)
    {
        var lines = standardError.Split('\n').Select(line => line.TrimEnd('\r')).ToList();
        var first = lines.FindLastIndex(line => line.StartsWith("Unhandled ", StringComparison.OrdinalIgnoreCase) || line.StartsWith("Process terminated", StringComparison.Ordinal)
            || line.StartsWith("Stack overflow", StringComparison.Ordinal));
        return first < 0 ? [] : [.. lines.Skip(first).Where(line => line.Length > 0 && line[0] != '{')];
    }

    private static CrashRequest Request(CrashSnapshot snapshot, SnapshotRequest request)
    {
        var version = snapshot.Versions.GetValueOrDefault(Pipeline.ExchangeId.Version(request.Exchange));
        return new CrashRequest(request.Id, version?.Name ?? "", version?.Version ?? "");
    }

    private static string Cause(WorkerInstance worker, CrashSnapshot snapshot, int exitCode, int? signal)
    {
        var fatal = snapshot.Fatal;
        if (worker.WhenSevered is not null)
        {
            return "Its descriptors were closed from inside, so that it could not serve any more; control ended it.";
        }
        if (worker.WhenLate is not null)
        {
            return "It did not become ready in time while a library was in its start; control ended it.";
        }
        if (snapshot.Unfinished != 0)
        {
            return "A library did not come out of its start in time (Handlers:LoadTimeoutMs); the worker ended itself so that the others do not wait for it.";
        }
        if (signal is null)
        {
            var code = exitCode.ToString(CultureInfo.InvariantCulture);
            return fatal.Kind == ByExit ? $"exit({code}) was called in it." : $"It ended with exit code {code}, without a word.";
        }
        var name = s_signals.GetValueOrDefault(signal.Value, "");
        var address = fatal.Kind == BySignal && signal is 7 or 11 ? string.Create(CultureInfo.InvariantCulture, $" at address 0x{fatal.Address:x}") : "";
        return string.Create(CultureInfo.InvariantCulture, $"signal {signal}{(name.Length > 0 ? $" ({name})" : "")}{address}.");
    }
}
