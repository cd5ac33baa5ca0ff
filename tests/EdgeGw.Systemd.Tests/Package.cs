namespace EdgeGw.Systemd.Tests;

/// <summary>The Debian package that <c>./build.sh pack</c> made.</summary>
internal static class Package
{
    /// <summary>Where it is.</summary>
    public static string File { get; } = Directory.Exists(Repository.Path("artifacts/debian")) && Directory.GetFiles(Repository.Path("artifacts/debian"), "*.deb") is [var file]
        ? file
        : throw new FileNotFoundException("artifacts/debian has no package. Run ./build.sh test or ./build.sh pack once: it makes one.");

    /// <summary>Its path in a <see cref="BootedSystem"/>.</summary>
    public static string Inside { get; } = "/payload/" + Path.GetFileName(File);
}
