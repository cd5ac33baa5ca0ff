using System.CommandLine;
using EdgeGw.Bundles;
using EdgeGw.Cli.Admin;
using EdgeGw.Cli.Output;

namespace EdgeGw.Cli.Bundles;

/// <summary><c>edgegw export</c>: writes what is deployed, and the catalog, as a bundle.</summary>
internal static class ExportCommand
{
    private const string DefaultFile = "edgegw-bundle.zip";

    /// <summary>Makes the command.</summary>
    public static Command Create(CliHost host)
    {
        var output = new Option<string>("--output", "-o")
        {
            Description = "A .zip file, which is replaced, or a folder, which must be empty or missing",
            HelpName = "PATH",
            DefaultValueFactory = _ => DefaultFile,
        };
        var command = new Command("export", "Write what is deployed, and the catalog, as a bundle, which 'edgegw apply' makes the same again") { output };
        GatewayOptions gateway = null!;
        gateway = new GatewayOptions(command, host, async (parse, client, cancel) =>
        {
            var target = Path.GetFullPath(parse.GetValue(output)!);
            try
            {
                var isArchive = Path.GetExtension(target).Equals(".zip", StringComparison.OrdinalIgnoreCase) && !Directory.Exists(target);
                if (!isArchive && (File.Exists(target) || (Directory.Exists(target) && Directory.EnumerateFileSystemEntries(target).Any())))
                    throw new CliException(ExitCode.Failed, $"{target} is there and not empty: give a .zip file, or a folder that is empty or missing");
                await WriteAsync(target, isArchive, client, cancel);
            }
            catch (UnauthorizedAccessException e)
            {
                throw new CliException(ExitCode.Failed, $"{target} cannot be written: {e.Message}");
            }
            catch (BundleRefusedException e)
            {
                throw new CliException(ExitCode.Failed, e.Message, e.Reasons);
            }
            if (gateway.Json(parse))
                gateway.WriteJson(System.Text.Json.JsonSerializer.Serialize(new ExportReply(target), CliJson.Default.ExportReply));
            else
                host.Out.WriteLine($"{host.Paint.Good("✓")} wrote {Printable.Escape(target)}");
            return ExitCode.Done;
        });
        return command;
    }

    // Beside its place first, so that a broken connection leaves the file of the last time.
    private static async Task WriteAsync(string target, bool isArchive, AdminClient client, CancellationToken cancel)
    {
        var temporary = isArchive ? target + ".part" : Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            await using (var file = new FileStream(temporary, FileMode.Create, FileAccess.ReadWrite))
                await client.ExportAsync(file, cancel);
            if (isArchive)
            {
                File.Move(temporary, target, overwrite: true);
                return;
            }
            using var bundle = BundleZip.Open(File.OpenRead(temporary), "The export", BundleBounds.Local);
            foreach (var name in bundle.Names)
            {
                var path = Path.Combine(target, name);
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                await using var unpacked = new FileStream(path, FileMode.CreateNew, FileAccess.Write);
                await using var content = bundle.Open(name);
                await content.CopyToAsync(unpacked, cancel);
            }
        }
        finally
        {
            File.Delete(temporary);
        }
    }
}
