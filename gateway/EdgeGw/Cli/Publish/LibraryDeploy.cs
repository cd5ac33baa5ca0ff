using System.Globalization;
using EdgeGw.Cli.Admin;
using EdgeGw.Cli.Output;

namespace EdgeGw.Cli.Publish;

/// <summary>Sends a library to the gateway, to be put in service.</summary>
internal static class LibraryDeploy
{
    // Below this an upload is over before anyone could read how far it is.
    private const long LargeUploadBytes = 8 << 20;

    /// <summary>Deploys it; gives the answer and the library's SHA-256.</summary>
    public static async Task<(AdminReply<ChangeReply> Change, string Sha256)> RunAsync(string library, DeployQuery query, AdminClient client, CliHost host, CancellationToken cancel)
    {
        var large = query.Wait || new FileInfo(library) is { Exists: true, Length: >= LargeUploadBytes };
        using var progress = large ? new Progress(host, $"deploying {Path.GetFileName(library)}") : null;
        // A canary that is there already is refused; everything else that is there already is so still.
        return await Upload.SendAsync(library, async content => (await client.DeployAsync(query, content, cancel), content.Sha256), Report, isRepeatable: query.Canary is null, host, cancel);

        void Report(long sent, long total) => progress?.Report(
            sent < total ? string.Create(CultureInfo.InvariantCulture, $"{Human.Bytes(sent)} of {Human.Bytes(total)}") : query.Wait ? "(waiting for requests under way)" : "");
    }
}
