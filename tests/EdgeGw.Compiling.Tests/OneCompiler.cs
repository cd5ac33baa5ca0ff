namespace EdgeGw.Compiling.Tests;

/// <summary>One compile service for all tests of this project: what takes its time, the kit without packages, is made once.</summary>
[SetUpFixture]
internal sealed class OneCompiler
{
    private static TemporaryFolder? s_folder;

    internal static CompileSettings Settings { get; } = new() { Enabled = true, Feed = Repository.Path("artifacts/packages") };

    internal static CompileFolders Folders { get; private set; } = null!;

    internal static SourceCompiler Compiler { get; private set; } = null!;

    [OneTimeSetUp]
    public void Start()
    {
        s_folder = new TemporaryFolder();
        Folders = new CompileFolders(s_folder["compile"]);
        Compiler = new SourceCompiler(Settings, Folders, TimeProvider.System);
    }

    [OneTimeTearDown]
    public void End()
    {
        Compiler.Dispose();
        s_folder!.Dispose();
    }

    /// <summary>An endpoint of one file, or of more.</summary>
    internal static SourceInput Source(string text, string method = "GET", string path = "/", params IReadOnlyList<InputFile> more) => new("test", method, path, [new InputFile("Handler.cs", text), .. more], [], []);

    /// <summary>Compiles with the one compiler.</summary>
    internal static async Task<BuildResult> CompileAsync(SourceInput input, bool library = true)
    {
        Compiler.Check(input);
        return await Compiler.RunAsync(input, library, new BuildPhases(TimeProvider.System, () => { }), TestContext.Out.WriteLine, CancellationToken.None);
    }
}
