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
        var deploy = new Option<bool>("--deploy") { Description = "Compile the endpoints in the gateway too, and put them in service: all of them at once, or none" };
        var force = new Option<bool>("--force") { Description = "With --deploy: go on although callers may be let down" };
        var dryRun = new Option<bool>("--dry-run") { Description = "Only say what would change" };
        var command = new Command("openapi", "Make a collection of endpoints of an OpenAPI document, or bring one up to date") { source, domain, collection, deploy, force, dryRun };
        GatewayOptions gateway = null!;
        gateway = new GatewayOptions(command, host, async (parse, client, cancel) =>
        {
            var given = parse.GetValue(source)!;
            var document = await ReadAsync(given, cancel);
            var name = Uri.TryCreate(given, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" ? Path.GetFileName(url.AbsolutePath) : Path.GetFileName(given);
            var query = new ImportQuery(name, parse.GetValue(domain), parse.GetValue(collection), parse.GetValue(deploy), parse.GetValue(force));
            var looked = await client.ImportOpenApiAsync(document, query, dryRun: true, cancel);
            if (!gateway.Json(parse))
            {
                PlanText.Write(looked.Value.Diff, host);
                if (looked.Value.Deployed.Count > 0)
                    host.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {looked.Value.Deployed.Count} to compile and deploy"));
            }
            if (parse.GetValue(dryRun))
            {
                Write(looked, "nothing was changed");
                return ExitCode.Done;
            }
            if (!query.Force && looked.Value.Diff.Where(line => line.Breaking).ToList() is { Count: > 0 } breaking)
                throw new CliException(ExitCode.Failed, "this lets somebody down, so nothing was changed; --force applies it all the same", [.. breaking.Select(line => Printable.Escape($"{line.What}: {string.Join("; ", line.Details)}."))]);
            AdminReply<ImportReply> made;
            using (looked.Value.Deployed.Count > 0 ? new Progress(host, string.Create(CultureInfo.InvariantCulture, $"compiling {looked.Value.Deployed.Count} endpoints")) : null)
                made = await client.ImportOpenApiAsync(document, query, dryRun: false, cancel);
            Write(made, Sentence(made.Value));
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

    private static string Sentence(ImportReply made)
    {
        if (!made.Applied)
            return "imported like this already";
        var deployed = made.Deployed.Count == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $", {made.Deployed.Count} deployed");
        var epoch = made.Epoch is { } number ? string.Create(CultureInfo.InvariantCulture, $"epoch {number}, ") : "";
        return $"imported{deployed} ({epoch}{Human.Time(made.ElapsedMs)})";
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
