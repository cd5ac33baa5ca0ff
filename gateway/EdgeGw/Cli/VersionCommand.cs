using System.CommandLine;
using System.CommandLine.Invocation;
using System.Globalization;
using EdgeGw.Abi;

namespace EdgeGw.Cli;

/// <summary><c>edgegw version</c>: what this binary is. It asks no gateway.</summary>
internal static class VersionCommand
{
    private static readonly string Abi = string.Create(CultureInfo.InvariantCulture, $"{AbiVersion.Major}.{AbiVersion.Minor}");

    /// <summary>Makes the command.</summary>
    public static Command Create(CliHost host)
    {
        var json = new Option<bool>("--json") { Description = "Print JSON" };
        var command = new Command("version", "Show this program's version") { json };
        command.SetAction(parse =>
        {
            host.Out.WriteLine(parse.GetValue(json)
                ? $$"""{"version":"{{ProductVersion.Number}}","abi":"{{Abi}}","runtime":"{{ProductVersion.Runtime}}"}"""
                : Text);
            return ExitCode.Done;
        });
        return command;
    }

    private static string Text => $"edgegw {ProductVersion.Number} (ABI {Abi}, {ProductVersion.Runtime})";

    /// <summary>What <c>edgegw --version</c> does.</summary>
    internal sealed class PrintVersion(CliHost host) : SynchronousCommandLineAction
    {
        /// <inheritdoc/>
        public override bool ClearsParseErrors => true;

        /// <inheritdoc/>
        public override int Invoke(ParseResult parseResult)
        {
            host.Out.WriteLine(Text);
            return ExitCode.Done;
        }
    }
}
