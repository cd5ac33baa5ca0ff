using System.CommandLine;
using System.Globalization;
using EdgeGw.Cli.Admin;
using EdgeGw.Cli.Output;

namespace EdgeGw.Cli;

/// <summary><c>edgegw import</c>: makes endpoints of what describes them elsewhere.</summary>
internal static class ImportCommand
{
    // What a gateway takes is its own setting; this bounds what is read here.
    private const int MostBytes = 1 << 30;
    private static readonly TimeSpan FetchTime = TimeSpan.FromMinutes(1);

    /// <summary>Makes the command.</summary>
    public static Command Create(CliHost host) => new("import", "Make endpoints of what describes them elsewhere") { OpenApi(host) };

    private static Command OpenApi(CliHost host)
    {
        var source = new Argument<string>("source") { Description = "An OpenAPI 3.0 or 3.1 document, YAML or JSON: a file, or an http(s) URL that is fetched here" };
        var domain = new Option<string?>("--domain") { Description = "The domain's host or id (default: any host)", HelpName = "HOST" };
        var collection = new Option<string?>("--collection") { Description = "The collection's name or id (default: the document's title)", HelpName = "NAME" };
        var dryRun = new Option<bool>("--dry-run") { Description = "Only say what would change" };
        var command = new Command("openapi", "Make a collection of endpoints of an OpenAPI document, or bring one up to date") { source, domain, collection, dryRun };
        GatewayOptions gateway = null!;
        gateway = new GatewayOptions(command, host, async (parse, client, cancel) =>
        {
            var given = parse.GetValue(source)!;
            var document = await ReadAsync(given, cancel);
            var name = Uri.TryCreate(given, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" ? Path.GetFileName(url.AbsolutePath) : Path.GetFileName(given);
            var (domainName, collectionName) = (parse.GetValue(domain), parse.GetValue(collection));
            var looked = await client.ImportOpenApiAsync(document, name, domainName, collectionName, dryRun: true, cancel);
            if (!gateway.Json(parse))
                PlanText.Write(looked.Value.Diff, host);
            if (parse.GetValue(dryRun))
            {
                Write(looked, "nothing was changed");
                return ExitCode.Done;
            }
            var made = await client.ImportOpenApiAsync(document, name, domainName, collectionName, dryRun: false, cancel);
            Write(made, made.Value.Applied ? string.Create(CultureInfo.InvariantCulture, $"imported ({Human.Time(made.Value.ElapsedMs)})") : "imported like this already");
            return ExitCode.Done;

            void Write(AdminReply<ImportReply> reply, string sentence)
            {
                if (gateway.Json(parse))
                    gateway.WriteJson(reply.Json);
                else
                    host.Out.WriteLine($"{host.Paint.Good("✓")} {sentence}");
            }
        });
        return command;
    }

    private static async Task<byte[]> ReadAsync(string source, CancellationToken cancel)
    {
        try
        {
            if (Uri.TryCreate(source, UriKind.Absolute, out var url) && url.Scheme is "http" or "https")
            {
                using var http = new HttpClient { Timeout = FetchTime, MaxResponseContentBufferSize = MostBytes };
                return await http.GetByteArrayAsync(url, cancel);
            }
            return new FileInfo(source).Length <= MostBytes ? await File.ReadAllBytesAsync(source, cancel) : throw new CliException(ExitCode.Failed, $"{source} has more than {MostBytes} bytes");
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new CliException(ExitCode.Failed, $"there is no file {source}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or HttpRequestException || (e is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            throw new CliException(ExitCode.Failed, $"{source} cannot be read: {e.Message}");
        }
    }
}
