using EdgeGw.Cli.Publish;

namespace EdgeGw.Cli.Dev;

/// <summary>Compiles a handler in C with the machine's C compiler. The ABI's headers come from this program.</summary>
internal sealed class NativeBuild : IHandlerBuild
{
    private const string HeaderPrefix = "abi/";

    // A library that the gateway can load, with what a developer wants to hear and to see in a stack.
    private static readonly string[] Options = ["-std=gnu11", "-O2", "-g", "-Wall", "-Wextra", "-fPIC", "-shared"];

    private readonly string _given;
    private readonly string _include;
    private readonly string _library;
    private readonly CliHost _host;

    private NativeBuild(string given, string work, CliHost host)
    {
        _given = given;
        _host = host;
        _include = Path.Combine(work, "include");
        _library = Path.Combine(work, Name + ".so");
        foreach (var resource in typeof(NativeBuild).Assembly.GetManifestResourceNames().Where(name => name.StartsWith(HeaderPrefix, StringComparison.Ordinal)))
        {
            var header = Path.Combine(_include, resource[HeaderPrefix.Length..]);
            Directory.CreateDirectory(Path.GetDirectoryName(header)!);
            using var source = typeof(NativeBuild).Assembly.GetManifestResourceStream(resource)!;
            using var target = File.Create(header);
            source.CopyTo(target);
        }
    }

    /// <inheritdoc/>
    public string Name => Path.GetFileNameWithoutExtension(_given.TrimEnd(Path.DirectorySeparatorChar));

    /// <inheritdoc/>
    public string Folder => Directory.Exists(_given) ? _given : Path.GetDirectoryName(_given)!;

    /// <inheritdoc/>
    public IReadOnlyList<string> Sources => [Folder];

    /// <summary>The build of a C file, or of all C files of a folder that has no project; null when it is neither.</summary>
    public static NativeBuild? Find(string path, string work, CliHost host)
    {
        path = Path.GetFullPath(path);
        var isC = Directory.Exists(path) ? !Directory.EnumerateFiles(path, "*.*proj").Any() && Directory.EnumerateFiles(path, "*.c").Any() : File.Exists(path) && Path.GetExtension(path) == ".c";
        return isC ? new(path, work, host) : null;
    }

    /// <inheritdoc/>
    public async Task<HandlerBuildResult> RunAsync(IReadOnlyList<string>? changed, CancellationToken cancel)
    {
        string[] files = Directory.Exists(_given) ? [.. Directory.EnumerateFiles(_given, "*.c").Order(StringComparer.Ordinal)] : [_given];
        File.Delete(_library);
        var run = await CapturedTool.RunAsync(
            _host.Environment.GetValueOrDefault("CC") is { Length: > 0 } chosen ? chosen : "cc",
            [.. Options, .. Words("CPPFLAGS"), .. Words("CFLAGS"), "-I", _include, "-o", _library, .. files, .. Words("LDFLAGS"), .. Words("LDLIBS")], Folder, _host.Environment, cancel);
        return run.ExitCode == 0 ? new(_library, run.Lines, null) : new(null, run.Lines, $"{Name} was not built");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    // As make splits them: at spaces.
    private string[] Words(string variable) => _host.Environment.GetValueOrDefault(variable)?.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];
}
