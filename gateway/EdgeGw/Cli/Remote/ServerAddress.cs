using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using EdgeGw.Cli.Admin;
using EdgeGw.Cli.Output;

namespace EdgeGw.Cli.Remote;

/// <summary>From what somebody has said of a server to a client of it, with a sentence for each thing that is wrong.</summary>
internal static class ServerAddress
{
    /// <summary>A client of a profile's gateway. Throws <see cref="CliException"/>.</summary>
    public static AdminClient Connect(Profile profile)
    {
        var server = Printable.Escape(profile.Server);
        if (!Uri.TryCreate(profile.Server.TrimEnd('/') + "/", UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
            throw new CliException(ExitCode.Usage, $"'{server}' is not a URL such as http://127.0.0.1:8081 (--server, EDGEGW_SERVER)");
        if (profile.Token.Length == 0)
            throw new CliException(ExitCode.Usage, $"{server} needs a token: give an API key, or the contents of the gateway's admin.token, with --token or EDGEGW_TOKEN, or once with 'edgegw login'");
        if (!profile.Token.All(c => c is > ' ' and < '\x7f'))
            throw new CliException(ExitCode.Usage, "the token has characters that no token has; give an API key, or the contents of the gateway's admin.token");
        return AdminClient.ForServer(url, profile.Token, profile.Authority is { Length: > 0 } file ? Authorities(file) : null);
    }

    /// <summary>There is no profile of that name.</summary>
    public static CliException Unknown(string name, IReadOnlyCollection<string> known) =>
        new(ExitCode.Usage, $"there is no profile '{Printable.Escape(name)}'{(known.Count == 0 ? "" : $" (there is {string.Join(", ", known.Select(Printable.Escape))})")}: make it with 'edgegw login --profile {Printable.Escape(name)} --server URL'");

    private static X509Certificate2Collection Authorities(string file)
    {
        var certificates = new X509Certificate2Collection();
        try
        {
            certificates.ImportFromPemFile(file);
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new CliException(ExitCode.Usage, $"the authorities in {file} cannot be read: {e.Message.TrimEnd('.')}");
        }
        return certificates.Count > 0 ? certificates : throw new CliException(ExitCode.Usage, $"{file} has no certificate in it; it must be a PEM file");
    }
}
