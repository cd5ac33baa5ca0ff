using EdgeGw.Abi;
using EdgeGw.Cli.Output;

namespace EdgeGw.Cli.Publish;

/// <summary>Publishes a handler project to its native library.</summary>
internal static class ProjectPublisher
{
    // One ILC run in some hundreds fails so under load, for no reason in the project; the next one succeeds.
    private const string RareCompilerCrash = "Code generation failed";

    /// <summary>The project that <paramref name="path"/> means: itself, or the only one in a folder. Null: it is another kind of file.</summary>
    public static string? FindProject(string path)
    {
        if (!Directory.Exists(path))
            return Path.GetExtension(path) is ".csproj" or ".fsproj" ? path : null;
        var projects = Directory.EnumerateFiles(path).Where(file => Path.GetExtension(file) is ".csproj" or ".fsproj").ToArray();
        return projects switch
        {
            [var only] => only,
            [] => throw new CliException(ExitCode.Failed, $"there is no project (.csproj) in {path}; make one with 'edgegw new', or name a published library"),
            _ => throw new CliException(ExitCode.Failed, $"there are {projects.Length} projects in {path}: name the one to deploy", [.. projects.Select(Path.GetFileName).Order()!]),
        };
    }

    /// <summary>Publishes and returns the library's path.</summary>
    /// <param name="project">The project file.</param>
    /// <param name="runtime">The runtime identifier to publish for.</param>
    /// <param name="configuration">Release, as a rule.</param>
    /// <param name="output">An empty folder for what is produced; the caller's to delete.</param>
    /// <param name="host">The process.</param>
    /// <param name="cancel">Ends <c>dotnet</c> too.</param>
    public static async Task<string> PublishAsync(string project, string runtime, string configuration, string output, CliHost host, CancellationToken cancel)
    {
        var dotnet = DotNetTool.Find(host.Environment);
        project = Path.GetFullPath(project);
        var name = Path.GetFileNameWithoutExtension(project);
        var progress = new Progress(host, $"publishing {name} for {runtime}");
        ToolResult run;
        using (progress)
            run = await RunAsync(dotnet, Arguments(project, runtime, configuration, output), project, host.Environment, () => progress.Report("(the native compiler crashed; trying once more)"), cancel);
        // Errors and warnings as the compiler wrote them: editors know the form.
        foreach (var line in run.Lines.Where(line => line.Trim().Length > 0))
            host.Error.WriteLine(line);
        if (run.ExitCode != 0)
            throw new CliException(ExitCode.Failed, $"{Path.GetFileName(project)} was not published: dotnet publish ended with exit code {run.ExitCode}");
        host.Error.WriteLine($"published {name} in {Human.Time(progress.Elapsed.TotalMilliseconds)}");
        return FindLibrary(output, project);
    }

    /// <summary>What <c>dotnet</c> is told to publish a project.</summary>
    public static string[] Arguments(string project, string runtime, string configuration, string output) =>
        ["publish", project, "-r", runtime, "-c", configuration, "-o", output, "--nologo", "-v", "quiet", "-clp:NoSummary", "--tl:off"];

    /// <summary>Runs that, and once more when the native compiler crashed; <paramref name="again"/> is told so.</summary>
    public static async Task<ToolResult> RunAsync(string dotnet, string[] arguments, string project, IReadOnlyDictionary<string, string> environment, Action again, CancellationToken cancel)
    {
        var run = await DotNetTool.RunAsync(dotnet, arguments, Path.GetDirectoryName(project)!, environment, cancel);
        if (run.ExitCode == 0 || !run.Lines.Any(line => line.Contains(RareCompilerCrash, StringComparison.Ordinal)))
            return run;
        again();
        return await DotNetTool.RunAsync(dotnet, arguments, Path.GetDirectoryName(project)!, environment, cancel);
    }

    /// <summary>The handler library among what was published. Throws with a sentence when there is none, or are several.</summary>
    public static string FindLibrary(string output, string project)
    {
        string[] libraries = [.. Directory.EnumerateFiles(output).Where(file => Path.GetExtension(file) is ".so" or ".dylib" or ".dll" && ExportsEntry(file)).Order()];
        return libraries switch
        {
            [var only] => only,
            [] => throw new CliException(ExitCode.Failed,
                $"{Path.GetFileName(project)} was published, but no library came of it that exports {AbiVersion.EntrySymbol}; is it a handler project (<Project Sdk=\"EdgeGw.Handler.Sdk/{ProductVersion.Number}\">)?"),
            _ => throw new CliException(ExitCode.Failed, $"{Path.GetFileName(project)} was published to {libraries.Length} handler libraries; publish it yourself and name the one to deploy",
                [.. libraries.Select(Path.GetFileName)!]),
        };
    }

    // The name stands in the library's symbol table as plain bytes, whatever its format. What a package brought along beside it has no such name.
    private static bool ExportsEntry(string file) => File.ReadAllBytes(file).AsSpan().IndexOf("edgegw_handler_entry\0"u8) >= 0;
}
