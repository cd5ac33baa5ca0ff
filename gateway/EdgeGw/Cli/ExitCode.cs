namespace EdgeGw.Cli;

/// <summary>What the process's exit code says (docs/cli.md).</summary>
internal static class ExitCode
{
    /// <summary>Done.</summary>
    public const int Done = 0;

    /// <summary>Refused or failed; the reason is on standard error.</summary>
    public const int Failed = 1;

    /// <summary>The command line is wrong.</summary>
    public const int Usage = 2;

    /// <summary>No gateway answers.</summary>
    public const int Unreachable = 3;

    /// <summary>Stopped by SIGINT or SIGTERM, as shells count it.</summary>
    public const int Interrupted = 130;
}
