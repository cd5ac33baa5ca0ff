using System.CommandLine;

namespace EdgeGw.Cli.Identity;

/// <summary><c>--scope</c>, of whatever somebody may do.</summary>
internal static class ScopeOption
{
    /// <summary>Makes the option.</summary>
    public static Option<string[]> Create(bool required)
    {
        var scope = new Option<string[]>("--scope") { Description = "What it may do: read, deploy, services, compile or admin (repeatable)", HelpName = "SCOPE", Required = required };
        scope.CompletionSources.Add("read", "deploy", "services", "compile", "admin");
        return scope;
    }
}
