namespace EdgeGw.Tests.Support;

/// <summary>Where things are in this repository.</summary>
public static class Repository
{
    /// <summary>The folder with <c>edgegw.slnx</c>.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The published gateway.</summary>
    public static string GatewayBinary => Path("artifacts/edgegw/edgegw");

    /// <summary>A path below the root.</summary>
    public static string Path(string relative) => System.IO.Path.Combine(Root, relative);

    /// <summary>A fixture library that <c>tests/Handlers</c> compiled.</summary>
    public static string Fixture(string name) => Existing($"artifacts/fixtures/{name}.so");

    /// <summary>A C# sample that the build published.</summary>
    public static string Sample(string name) => Existing($"artifacts/samples/{name}/{name}.so");

    private static string Existing(string relative) => File.Exists(Path(relative))
        ? Path(relative)
        : throw new FileNotFoundException($"{relative} is not there. Run ./build.sh test once: it compiles what the tests load.");

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "edgegw.slnx")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException($"no edgegw.slnx above {AppContext.BaseDirectory}");
    }
}
