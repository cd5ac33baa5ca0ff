using EdgeGw.Cli.Publish;

namespace EdgeGw.Cli.Dev;

/// <summary>Publishes a C# handler project, with build servers that stay warm between two builds.</summary>
internal sealed class ProjectBuild : IHandlerBuild
{
    // Whatever decides which packages are needed.
    private static readonly string[] RestoreFiles = [".csproj", ".fsproj", ".props", ".targets", ".config", "packages.lock.json", "global.json"];

    private readonly BuildServers _servers = new();
    private readonly string _project;
    private readonly string _output;
    private readonly string[] _arguments;
    private readonly CliHost _host;
    private readonly string _dotnet;
    private bool _isRestored;

    /// <summary>A project; <paramref name="work"/> is an empty folder for what is made.</summary>
    public ProjectBuild(string project, string configuration, string work, CliHost host)
    {
        _project = Path.GetFullPath(project);
        _output = Path.Combine(work, "publish");
        _host = host;
        _dotnet = DotNetTool.Find(host.Environment);
        _arguments = [.. ProjectPublisher.Arguments(_project, ProductVersion.Runtime, configuration, _output), .. _servers.Arguments];
    }

    /// <inheritdoc/>
    public string Name => Path.GetFileNameWithoutExtension(_project);

    /// <inheritdoc/>
    public string Folder => Path.GetDirectoryName(_project)!;

    /// <inheritdoc/>
    public IReadOnlyList<string> Sources => ProjectReferences.Folders(_project);

    /// <inheritdoc/>
    public async Task<HandlerBuildResult> RunAsync(IReadOnlyList<string>? changed, CancellationToken cancel)
    {
        if (changed is null || changed.Any(file => Array.Exists(RestoreFiles, ending => file.EndsWith(ending, StringComparison.OrdinalIgnoreCase))))
            _isRestored = false;
        // What an earlier build has left would be taken for this one's.
        if (Directory.Exists(_output))
            Directory.Delete(_output, recursive: true);
        var run = await PublishAsync(_isRestored, cancel);
        if (run.ExitCode != 0)
            return new(null, run.Lines, $"{Name} was not built");
        _isRestored = true;
        try
        {
            return new(ProjectPublisher.FindLibrary(_output, _project), run.Lines, null);
        }
        catch (CliException e)
        {
            return new(null, [.. run.Lines, .. e.Reasons], e.Message);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _servers.Dispose();

    private Task<ToolResult> PublishAsync(bool isRestored, CancellationToken cancel) => ProjectPublisher.RunAsync(
        _dotnet, isRestored ? [.. _arguments, "--no-restore"] : _arguments, _project, _servers.Environment(_host.Environment),
        () => _host.Error.WriteLine(_host.ErrorPaint.Dim("the native compiler crashed; trying once more")), cancel);
}
