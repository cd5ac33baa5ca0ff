using System.Net.Http.Headers;
using System.Net.Mime;

namespace EdgeGw.Cli.Admin;

/// <summary>The calls about bundles and imports.</summary>
internal sealed partial class AdminClient
{
    /// <summary>Applies a bundle's archive, or says what that would do.</summary>
    public async Task<AdminReply<PlanReply>> ApplyAsync(UploadContent archive, ApplyQuery query, bool dryRun, CancellationToken cancel)
    {
        archive.Headers.ContentType = new MediaTypeHeaderValue(MediaTypeNames.Application.Zip);
        using var request = new HttpRequestMessage(HttpMethod.Post, $"api/v1/bundles?dryRun={Flag(dryRun)}&prune={Flag(query.Prune)}&force={Flag(query.Force)}&deploy={Flag(query.Deploy)}") { Content = archive };
        request.Headers.ExpectContinue = true;
        return await SendAsync(request, CliJson.Default.PlanReply, cancel);
    }

    /// <summary>Writes what is deployed, as a bundle's archive.</summary>
    public async Task ExportAsync(Stream archive, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "api/v1/bundles/export");
        using var response = await Reach(() => _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel), cancel);
        if (!response.IsSuccessStatusCode)
            throw AdminProblem.Read(response.StatusCode, await Reach(() => response.Content.ReadAsStringAsync(cancel), cancel), _where);
        await using var body = await Reach(() => response.Content.ReadAsStreamAsync(cancel), cancel);
        var piece = new byte[128 << 10];
        // A disk that is full is not the gateway's fault.
        while (await Reach(() => body.ReadAsync(piece, cancel).AsTask(), cancel) is > 0 and var read)
            await archive.WriteAsync(piece.AsMemory(0, read), cancel);
    }

    /// <summary>Imports an OpenAPI document, or says what that would do.</summary>
    public async Task<AdminReply<ImportReply>> ImportOpenApiAsync(byte[] document, ImportQuery query, bool dryRun, CancellationToken cancel)
    {
        var url = $"api/v1/imports/openapi?dryRun={Flag(dryRun)}&deploy={Flag(query.Deploy)}&force={Flag(query.Force)}" + Parameter("domain", query.Domain) + Parameter("collection", query.Collection);
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(document) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(MediaTypeNames.Application.Octet);
        request.Headers.Add("X-File-Name", string.Concat(query.Name.Select(c => c is > ' ' and < '\x7f' ? c : '_')));
        request.Headers.ExpectContinue = true;
        return await SendAsync(request, CliJson.Default.ImportReply, cancel);

        static string Parameter(string key, string? value) => value is null ? "" : $"&{key}={Uri.EscapeDataString(value)}";
    }

    private static string Flag(bool value) => value ? "true" : "false";
}
