using System.CommandLine;
using EdgeGw.Cli.Output;
using EdgeGw.Configuration;
using EdgeGw.Control.Backups;

namespace EdgeGw.Cli.Backups;

/// <summary><c>edgegw backup</c>: a state directory as one file, on the machine that has it.</summary>
internal static class BackupCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(CliHost host)
    {
        var file = new Argument<string>("file") { Description = "The file to write, such as gateway.tar.gz; it must not be there yet" };
        var state = new Option<string?>("--state") { Description = "The state directory (EDGEGW_STATE)", HelpName = "DIR" };
        var keys = new Option<bool>("--with-keys") { Description = "The keys too (secrets.key, admin.token, storage-presign.key): whoever has the file can then read every secret in it" };
        var command = new Command("backup", "Write epochs, libraries, settings and control.db of a state directory into one file; its gateway may run") { file, state, keys };
        command.SetAction(parse => BackupFailure.Explain(() =>
        {
            var (root, path) = (StateLocation.Find(parse.GetValue(state), host.Environment), Path.GetFullPath(parse.GetValue(file)!));
            var contents = BackupWriter.Write(root, path, parse.GetValue(keys), host.Time.GetUtcNow(), ProductVersion.Number);
            host.Out.WriteLine($"{host.Paint.Good("✓")} {Printable.Escape(path)} has epoch {contents.Epoch} of {Printable.Escape(root)}: {Human.Count(contents.Files.Count, "file")}, {Human.Bytes(new FileInfo(path).Length)}");
            host.Out.WriteLine(contents.HasKeys
                ? "  the keys are in it: whoever can read it can read the secrets"
                : "  not in it: the key of the secrets (secrets.key), admin.token, and what services keep (data/)");
            return ExitCode.Done;
        }));
        return command;
    }
}
