namespace EdgeGw.Cli.Output;

/// <summary>
/// Shows on standard error that something takes its time: a spinner with the seconds passed on a terminal, one line at the start otherwise. Disposing it clears the spinner.
/// </summary>
internal sealed class Progress : IDisposable
{
    private const string Frames = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏";
    private static readonly TimeSpan FrameTime = TimeSpan.FromMilliseconds(100);

    private readonly Lock _gate = new();
    private readonly CliHost _host;
    private readonly string _what;
    private readonly long _started;
    private readonly ITimer? _timer;
    private string _detail = "";
    private int _frame;
    private bool _ended;

    /// <summary>Starts to show <paramref name="what"/>, a participle phrase: <c>publishing hello</c>.</summary>
    public Progress(CliHost host, string what)
    {
        _host = host;
        _what = Printable.Escape(what);
        _started = host.Time.GetTimestamp();
        if (host.ErrorIsTerminal)
            _timer = host.Time.CreateTimer(_ => Draw(), null, TimeSpan.Zero, FrameTime);
        else
            host.Error.WriteLine($"{_what} ...");
    }

    /// <summary>The time since the start.</summary>
    public TimeSpan Elapsed => _host.Time.GetElapsedTime(_started);

    /// <summary>Says how far it is; shown on a terminal only.</summary>
    public void Report(string detail)
    {
        lock (_gate)
            _detail = detail;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _timer?.Dispose();
        lock (_gate)
        {
            if (!_ended && _timer is not null)
                _host.Error.Write("\r\e[K");
            _ended = true;
        }
    }

    private void Draw()
    {
        lock (_gate)
        {
            // A tick may still be under way when the timer is disposed.
            if (_ended)
                return;
            _host.Error.Write($"\r\e[K{Frames[_frame++ % Frames.Length]} {_what} {_host.ErrorPaint.Dim(Human.Time(Elapsed.TotalMilliseconds))} {_detail}");
        }
    }
}
