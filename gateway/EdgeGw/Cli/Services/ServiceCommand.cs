using System.CommandLine;
using EdgeGw.Cli.Units;

namespace EdgeGw.Cli.Services;

/// <summary><c>edgegw service</c>: the backends that handlers get from the gateway (docs/services.md), and the gateway itself as a service of systemd (docs/systemd.md).</summary>
internal static class ServiceCommand
{
    /// <summary>Makes the command with those below it.</summary>
    public static Command Create(CliHost host) => new("service", "Add, look at and change the services that handlers use: databases, caches, storages, HTTP clients; or make the gateway a service of systemd")
    {
        ServiceAddCommand.Create(host),
        ServiceListCommand.Create(host),
        ServiceShowCommand.Create(host),
        ServiceTestCommand.Create(host),
        ServiceEnableCommand.Create(host, enabled: true),
        ServiceEnableCommand.Create(host, enabled: false),
        ServiceRemoveCommand.Create(host),
        ServiceMigrateCommand.Create(host),
        UnitInstallCommand.Create(host),
        UnitUninstallCommand.Create(host),
        UnitStatusCommand.Create(host),
    };
}
