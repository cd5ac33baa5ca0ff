namespace EdgeGw.Tests.Support;

/// <summary>The command line of the published binary against one state directory.</summary>
public sealed class GatewayCli(string state)
{
    /// <summary>Runs one command to its end.</summary>
    public Task<CommandResult> RunAsync(params string[] arguments) => RunAsync(arguments, workingDirectory: null, timeout: null);

    /// <summary>Runs one command to its end in a folder.</summary>
    public Task<CommandResult> RunAsync(IReadOnlyList<string> arguments, string? workingDirectory, TimeSpan? timeout) =>
        Command.RunAsync(Repository.GatewayBinary, arguments, workingDirectory, new Dictionary<string, string?> { ["EDGEGW_STATE"] = state, ["NO_COLOR"] = "1" }, timeout);
}
