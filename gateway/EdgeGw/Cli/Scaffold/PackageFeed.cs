namespace EdgeGw.Cli.Scaffold;

/// <summary>Where the EdgeGw packages are.</summary>
internal static class PackageFeed
{
    /// <summary>The feed that was named, or the folder <c>packages</c> beside or above the program; null when there is none.</summary>
    public static string? Find(string? given, CliHost host)
    {
        if (string.IsNullOrEmpty(given))
            given = host.Environment.GetValueOrDefault("EDGEGW_FEED");
        if (!string.IsNullOrEmpty(given))
        {
            if (Uri.TryCreate(given, UriKind.Absolute, out var url) && url.Scheme is "http" or "https")
                return given;
            var folder = Path.GetFullPath(given);
            return Directory.Exists(folder) ? folder : throw new CliException(ExitCode.Failed, $"there is no folder {folder} to take packages from (--feed, EDGEGW_FEED)");
        }
        string[] beside = [Path.Combine(host.ProgramDirectory, "packages"), Path.GetFullPath(Path.Combine(host.ProgramDirectory, "..", "packages"))];
        return Array.Find(beside, folder => Directory.Exists(folder) && Directory.EnumerateFiles(folder, "EdgeGw.Handler.Sdk.*.nupkg").Any());
    }
}
