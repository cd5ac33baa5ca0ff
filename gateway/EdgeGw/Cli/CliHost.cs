using EdgeGw.Cli.Output;

namespace EdgeGw.Cli;

/// <summary>What a command sees of the process it runs in.</summary>
internal sealed class CliHost
{
    /// <summary>Standard output.</summary>
    public required TextWriter Out { get; init; }

    /// <summary>Standard error.</summary>
    public required TextWriter Error { get; init; }

    /// <summary>Environment variables.</summary>
    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    /// <summary>The folder that the running program is in.</summary>
    public string ProgramDirectory { get; init; } = AppContext.BaseDirectory;

    /// <summary>Whether standard output is a terminal.</summary>
    public bool OutIsTerminal { get; init; }

    /// <summary>Whether standard error is a terminal: progress is drawn there.</summary>
    public bool ErrorIsTerminal { get; init; }

    /// <summary>Asks for a secret, after a prompt.</summary>
    public Func<string, string> ReadSecret { get; init; } = ConsoleSecret.Read;

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Colours text for standard output.</summary>
    public Paint Paint => new(OutIsTerminal && ColorWanted);

    /// <summary>Colours text for standard error.</summary>
    public Paint ErrorPaint => new(ErrorIsTerminal && ColorWanted);

    // no-color.org: any value but the empty one switches colour off.
    private bool ColorWanted => string.IsNullOrEmpty(Environment.GetValueOrDefault("NO_COLOR")) && Environment.GetValueOrDefault("TERM") != "dumb";

    /// <summary>The process's own streams and variables.</summary>
    public static CliHost ForProcess() => new()
    {
        Out = StandardOutput.Open(),
        Error = Console.Error,
        Environment = ReadEnvironment(),
        OutIsTerminal = !Console.IsOutputRedirected,
        ErrorIsTerminal = !Console.IsErrorRedirected,
    };

    private static Dictionary<string, string> ReadEnvironment()
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (System.Collections.DictionaryEntry variable in System.Environment.GetEnvironmentVariables())
            variables[(string)variable.Key] = (string?)variable.Value ?? "";
        return variables;
    }
}
