using System.CommandLine;
using System.Runtime.InteropServices;
using System.Text.Json;
using EdgeGw.Cli.Output;
using EdgeGw.Cli.Publish;
using EdgeGw.Control.Artifacts;
using EdgeGw.Control.Supervision;
using EdgeGw.Scouting;

namespace EdgeGw.Cli;

/// <summary><c>edgegw inspect</c>: tries a library out on this machine, as the gateway does before a deploy. Needs no gateway.</summary>
internal static class InspectCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(CliHost host)
    {
        var path = new Argument<string>("path") { Description = "A published library (.so), a project folder or a project file" };
        var heap = CliOptions.Size("--heap", "The library's own heap limit, such as 64MB (NativeAOT libraries)");
        var set = CliOptions.Pairs("--set", "KEY=VALUE", "A setting of the handler's own (repeatable)");
        var json = new Option<bool>("--json") { Description = "Print the report as JSON" };
        var configuration = new Option<string>("--configuration", "-c") { Description = "The configuration a project is published in", HelpName = "NAME", DefaultValueFactory = _ => "Release" };
        var command = new Command("inspect", "Try a library out on this machine and say what it costs; asks no gateway and changes nothing") { path, heap, set, json, configuration };
        command.SetAction(async (parse, cancel) =>
        {
            var work = Directory.CreateTempSubdirectory("edgegw-inspect-").FullName;
            try
            {
                var given = parse.GetValue(path)!;
                var library = ProjectPublisher.FindProject(given) is not { } project ? given
                    : await ProjectPublisher.PublishAsync(project, ProductVersion.Runtime, parse.GetValue(configuration)!, work, host, cancel);
                var options = new ScoutOptions { Library = Path.GetFullPath(library), Report = Path.Combine(work, "report.json"), Config = Settings(parse.GetValue(set) ?? []) };
                if (parse.GetValue(heap) is { } heapBytes)
                    options = options with { HeapBytes = heapBytes };
                var report = await TryAsync(library, options, host, cancel);
                if (parse.GetValue(json))
                    host.Out.WriteLine(JsonSerializer.Serialize(new InspectReply(report.Manifest!.Name, report.Manifest.Version, PriceTag.Of(report)), InspectJson.Default.InspectReply));
                else
                    Write(report, host);
                return ExitCode.Done;
            }
            finally
            {
                Directory.Delete(work, recursive: true);
            }
        });
        return command;
    }

    private static async Task<ScoutReport> TryAsync(string library, ScoutOptions options, CliHost host, CancellationToken cancel)
    {
        var name = Path.GetFileName(library);
        if (Fault(library) is { } fault)
            throw new CliException(ExitCode.Failed, $"{library} {fault}");
        try
        {
            return await new ScoutRun(EdgeGwCommand.Self(), options, name, text => host.Error.WriteLine(Printable.Escape(text))).RunAsync(cancel);
        }
        catch (ScoutRefusedException e)
        {
            throw new CliException(ExitCode.Failed, Printable.Escape(e.Message), [.. e.Said.Split('\n', StringSplitOptions.RemoveEmptyEntries).Take(20).Select(line => $"it wrote: {Printable.Escape(line)}")]);
        }
    }

    private static string? Fault(string library)
    {
        try
        {
            using var file = File.OpenRead(library);
            var head = new byte[LibraryHeader.Length];
            return LibraryHeader.Check(head.AsSpan(0, file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)), RuntimeInformation.ProcessArchitecture);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return "is not there";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"cannot be read: {e.Message}";
        }
    }

    private static Dictionary<string, string> Settings(string[] pairs)
    {
        var settings = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var pair in pairs)
        {
            var cut = pair.IndexOf('=', StringComparison.Ordinal);
            settings[pair[..cut]] = pair[(cut + 1)..];
        }
        return settings;
    }

    private static void Write(ScoutReport report, CliHost host)
    {
        const int mostRoutes = 20;
        var manifest = report.Manifest!;
        host.Out.WriteLine($"{host.Paint.Good("✓")} {host.Paint.Bold(Printable.Escape($"{manifest.Name} {manifest.Version}"))} can be deployed:");
        foreach (var route in manifest.Routes.Take(mostRoutes))
            host.Out.WriteLine(Printable.Escape($"  {route.Method} {(route.Host == "*" ? "" : route.Host)}{route.Pattern}"));
        if (manifest.Routes.Count > mostRoutes)
            host.Out.WriteLine($"  and {manifest.Routes.Count - mostRoutes} more");
        if (manifest.Services.Count > 0)
            host.Out.WriteLine(Printable.Escape($"  needs the services {string.Join(", ", manifest.Services)}"));
        ScoutText.Write(PriceTag.Of(report), host);
    }
}
