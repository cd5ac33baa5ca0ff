namespace EdgeGw.Cli.Publish;

/// <summary>Runs the .NET SDK's <c>dotnet</c>.</summary>
internal static class DotNetTool
{
    // The host says much more, about applications and links; these lines say what was looked for and by whose wish.
    private static readonly string[] Reasons = ["Requested SDK version:", "global.json file:", "No .NET SDKs"];

    private const string Missing = "publishing a project needs the .NET SDK, and 'dotnet' was not found: install the SDK, or deploy a library that is already published (edgegw deploy FILE.so)";

    /// <summary>Where it is: in PATH, else in DOTNET_ROOT. Throws with a sentence when it is in neither.</summary>
    public static string Find(IReadOnlyDictionary<string, string> environment)
    {
        var name = OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet";
        var folders = (environment.GetValueOrDefault("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).ToList();
        if (environment.GetValueOrDefault("DOTNET_ROOT") is { Length: > 0 } root)
            folders.Add(root);
        return folders.Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists) ?? throw new CliException(ExitCode.Failed, Missing);
    }

    /// <summary>Runs to the end with both streams captured. When cancelled, ends the process and all it started. Without a fitting SDK it throws.</summary>
    public static async Task<ToolResult> RunAsync(
        string dotnet, IEnumerable<string> arguments, string workingDirectory, IReadOnlyDictionary<string, string> environment, CancellationToken cancel)
    {
        var run = await CapturedTool.RunAsync(dotnet, arguments, workingDirectory, environment.Append(new("DOTNET_NOLOGO", "1")), cancel);
        return !NoSdk(run) ? run : throw new CliException(
            ExitCode.Failed, $"publishing a project needs the .NET SDK, and {dotnet} has none that fits: install it, or deploy a library that is already published (edgegw deploy FILE.so)",
            [.. run.Lines.Select(line => line.Trim()).Where(line => Array.Exists(Reasons, start => line.StartsWith(start, StringComparison.Ordinal)))]);
    }

    // The host's codes for "no SDK" and "no SDK that fits global.json" (0x80008091 and 0x8000809b), of which Unix keeps the last byte.
    private static bool NoSdk(ToolResult run) =>
        run.ExitCode is 145 or 155 or unchecked((int)0x80008091) or unchecked((int)0x8000809b)
        && run.Lines.Any(line => line.Contains("SDK", StringComparison.Ordinal));
}
