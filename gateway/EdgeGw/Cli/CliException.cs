namespace EdgeGw.Cli;

/// <summary>Ends a command: a sentence for standard error, its reasons below it, and the exit code.</summary>
internal sealed class CliException(int exitCode, string message, IReadOnlyList<string>? reasons = null) : Exception(message)
{
    /// <summary>One of <see cref="Cli.ExitCode"/>.</summary>
    public int ExitCode { get; } = exitCode;

    /// <summary>The reasons, one sentence each; often none.</summary>
    public IReadOnlyList<string> Reasons { get; } = reasons ?? [];

    /// <summary>Whether it is a connection that was there and has broken.</summary>
    public bool IsBroken { get; init; }

    /// <summary>What the gateway answered, for <c>--json</c>; null when there was no such answer.</summary>
    public string? Json { get; init; }
}
