using System.CommandLine;
using System.Globalization;
using EdgeGw.Cli.Output;
using EdgeGw.Configuration;
using EdgeGw.Control.Backups;

namespace EdgeGw.Cli.Backups;

/// <summary><c>edgegw restore</c>: a backup as a state directory.</summary>
internal static class RestoreCommand
{
    private const long DefaultMaxBytes = 16L << 30;

    /// <summary>Makes the command.</summary>
    public static Command Create(CliHost host)
    {
        var file = new Argument<string>("file") { Description = "A file that 'edgegw backup' wrote" };
        var state = new Option<string?>("--state") { Description = "The state directory (EDGEGW_STATE); no gateway may run on it", HelpName = "DIR" };
        var replace = new Option<bool>("--replace") { Description = "Take the place of a state that is there; that one is kept beside it" };
        var maxSize = CliOptions.Size("--max-size", "The most that may come out of the file, such as 64GiB (default: 16GiB)");
        var command = new Command("restore", "Make a state directory of a backup: all of it, or nothing") { file, state, replace, maxSize };
        command.SetAction(parse => BackupFailure.Explain(() =>
        {
            var root = StateLocation.Find(parse.GetValue(state), host.Environment);
            using var from = File.OpenRead(parse.GetValue(file)!);
            var done = BackupRestore.Run(root, from, parse.GetValue(replace), parse.GetValue(maxSize) ?? DefaultMaxBytes);
            host.Out.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{host.Paint.Good("✓")} {Printable.Escape(done.Root)} has epoch {done.Contents.Epoch} of {done.Contents.Created.ToUniversalTime():yyyy-MM-dd HH:mm:ss} UTC; 'edgegw run' serves it"));
            if (done.Replaced is not null)
                host.Out.WriteLine($"  what was there is in {Printable.Escape(done.Replaced)}");
            if (done.Contents.Has(BackupNames.Database) && !done.HasSecretsKey)
                host.Out.WriteLine("  the key of the secrets is not in it: put secrets.key there before the gateway starts, or set the secrets again");
            return ExitCode.Done;
        }));
        return command;
    }
}
