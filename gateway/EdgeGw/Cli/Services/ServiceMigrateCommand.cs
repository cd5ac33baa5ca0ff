using System.CommandLine;
using EdgeGw.Cli.Admin;
using EdgeGw.Cli.Output;

namespace EdgeGw.Cli.Services;

/// <summary><c>edgegw service migrate</c>: applies a folder of numbered SQL files, each once.</summary>
internal static class ServiceMigrateCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(CliHost host)
    {
        var service = ServiceArgument.Create();
        var folder = new Argument<string>("folder") { Description = "The folder of the SQL files, 0001_name.sql and so on" };
        var command = new Command("migrate", "Apply the migrations that a database does not have yet, each once and in order") { service, folder };
        GatewayOptions gateway = null!;
        gateway = new GatewayOptions(command, host, async (parse, client, cancel) =>
        {
            var id = parse.GetValue(service);
            var migrations = MigrationFolder.Read(parse.GetValue(folder)!);
            AdminReply<MigratedReply> migrated;
            using (new Progress(host, $"migrating {id}"))
                migrated = await client.MigrateAsync(id, migrations, cancel);
            if (gateway.Json(parse))
            {
                gateway.WriteJson(migrated.Json);
                return ExitCode.Done;
            }
            var (applied, present) = (migrated.Value.Applied, migrated.Value.Present);
            foreach (var name in applied)
                host.Out.WriteLine($"  applied {Printable.Escape(name)}");
            var what = applied.Count == 0 ? $"has every migration already ({present})" : $"has {Human.Count(applied.Count, "migration")} more, after {present}";
            host.Out.WriteLine($"{host.Paint.Good("✓")} {Printable.Escape(id.ToString())} {what} ({Human.Time(migrated.Value.Ms)})");
            return ExitCode.Done;
        });
        service.CompleteWith(gateway);
        return command;
    }
}
