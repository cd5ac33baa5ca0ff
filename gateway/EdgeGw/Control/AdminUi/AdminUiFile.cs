using System.Security.Cryptography;

namespace EdgeGw.Control.AdminUi;

/// <summary>One file of the Admin UI, embedded compressed: brotli for browsers, gzip for the rest.</summary>
/// <param name="ContentType">What it is.</param>
/// <param name="ETag">Its content's hash, quoted.</param>
/// <param name="Immutable">Whether its name changes with its content, so that a browser never asks for it again.</param>
/// <param name="Brotli">The resource with brotli.</param>
/// <param name="Gzip">The resource with gzip.</param>
internal sealed record AdminUiFile(string ContentType, string ETag, bool Immutable, string Brotli, string Gzip)
{
    private const string Folder = "admin-ui/";
    private const string BrotliSuffix = ".br";
    private const string GzipSuffix = ".gz";
    private const int ETagCharacters = 16;

    /// <summary>The files by their path below <c>/admin/</c>; none where the program was built without them.</summary>
    internal static IReadOnlyDictionary<string, AdminUiFile> All() =>
        typeof(AdminUiFile).Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Folder, StringComparison.Ordinal) && name.EndsWith(BrotliSuffix, StringComparison.Ordinal))
            .Select(name => name[Folder.Length..^BrotliSuffix.Length])
            .ToDictionary(path => path, Of, StringComparer.Ordinal);

    /// <summary>The bytes of one of the two, as they are in the program's file.</summary>
    internal static Stream Open(string resource) => typeof(AdminUiFile).Assembly.GetManifestResourceStream(resource)!;

    private static AdminUiFile Of(string path)
    {
        var brotli = Folder + path + BrotliSuffix;
        using var content = Open(brotli);
        var hash = Convert.ToHexStringLower(SHA256.HashData(content))[..ETagCharacters];
        return new AdminUiFile(TypeOf(path), $"\"{hash}\"", path.StartsWith("assets/", StringComparison.Ordinal), brotli, Folder + path + GzipSuffix);
    }

    private static string TypeOf(string path) => Path.GetExtension(path) switch
    {
        ".html" => "text/html; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".svg" => "image/svg+xml",
        ".woff2" => "font/woff2",
        _ => "text/plain; charset=utf-8",
    };
}
