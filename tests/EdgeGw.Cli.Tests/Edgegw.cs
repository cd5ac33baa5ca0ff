namespace EdgeGw.Cli.Tests;

/// <summary>The command line, run in this process with its streams captured and none of this process's variables.</summary>
internal sealed class Edgegw
{
    private readonly Dictionary<string, string> _environment = [];

    /// <summary>The clock that the commands see.</summary>
    public StoppedClock Clock { get; } = new(new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero));

    /// <summary>The clock, where a test needs one that goes.</summary>
    public TimeProvider? Time { get; init; }

    /// <summary>Whether both streams claim to be a terminal.</summary>
    public bool Terminal { get; init; }

    /// <summary>What is typed when a secret is asked for.</summary>
    public string Typed { get; init; } = "";

    /// <summary>Where the program says it is.</summary>
    public string ProgramDirectory { get; init; } = "/nowhere";

    /// <summary>Sets a variable; returns this.</summary>
    public Edgegw With(string name, string value)
    {
        _environment[name] = value;
        return this;
    }

    /// <summary>Runs one command line to its end.</summary>
    public Task<CommandResult> RunAsync(params string[] arguments) => RunAsync(arguments, CancellationToken.None);

    /// <summary>Runs one command line until its end or until it is told to stop.</summary>
    public async Task<CommandResult> RunAsync(string[] arguments, CancellationToken stop, TextWriter? output = null)
    {
        output ??= new StringWriter();
        using var error = new StringWriter();
        var host = new CliHost
        {
            Out = output,
            Error = error,
            Environment = _environment,
            ProgramDirectory = ProgramDirectory,
            OutIsTerminal = Terminal,
            ErrorIsTerminal = Terminal,
            Time = Time ?? Clock,
            ReadSecret = _ => Typed,
        };
        var code = await CommandLine.InvokeAsync(arguments, host, stop);
        return new(code, output.ToString()!, error.ToString()!);
    }
}

/// <summary>A clock that stands still, in UTC, whose timers never fire.</summary>
internal sealed class StoppedClock(DateTimeOffset now) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => now;

    public override long GetTimestamp() => 0;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => new NoTimer();

    private sealed class NoTimer : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => default;
    }
}

/// <summary>A clock by which every wait is over at once.</summary>
internal sealed class HurriedClock : TimeProvider
{
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => base.CreateTimer(callback, state, dueTime == Timeout.InfiniteTimeSpan ? dueTime : TimeSpan.Zero, period);
}
