using System.Globalization;
using EdgeGw.Tests.Support;

namespace EdgeGw.Load;

/// <summary>The published gateway with one handler written in C#.</summary>
internal sealed class GatewayServer : IServer
{
    private readonly Gateway _gateway;

    private GatewayServer(Gateway gateway, int worker)
    {
        _gateway = gateway;
        Processes = [gateway.ControlPid, worker];
    }

    public string Name => "edgegw";

    public Uri Address => _gateway.Address;

    public IReadOnlyList<int> Processes { get; }

    /// <summary>Starts it with one handler.</summary>
    /// <param name="library">The folder and name of the handler library below artifacts/bench/.</param>
    /// <param name="service">The arguments of <c>edgegw service add</c>; none for no service.</param>
    public static Task<GatewayServer> StartAsync(string library, params string[] service) => StartAsync(
        async gateway =>
        {
            if (service.Length > 0 && await gateway.Cli.RunAsync(["service", "add", .. service]) is { ExitCode: not 0 } refused)
            {
                throw new InvalidOperationException($"service add: {refused}");
            }
            await gateway.DeployAsync(Library(library));
        });

    /// <summary>Starts it with what <paramref name="deploy"/> brings in.</summary>
    public static async Task<GatewayServer> StartAsync(Func<Gateway, Task> deploy, params string[] settings)
    {
        var gateway = await Gateway.StartAsync(new() { Arguments = [.. settings.SelectMany(setting => (string[])["--set", setting])] });
        try
        {
            await deploy(gateway);
            return new(gateway, await gateway.WorkerPidAsync());
        }
        catch
        {
            await gateway.DisposeAsync();
            throw;
        }
    }

    /// <summary>A handler library that the build made for this.</summary>
    public static string Library(string name) => Repository.Path($"artifacts/bench/{name}/{name}.so");

    public async Task<Allocation?> AllocationAsync()
    {
        var lines = (await _gateway.Control.GetStringAsync("/metrics")).Split('\n');
        long Sum(string name) => lines.Where(line => line.StartsWith(name, StringComparison.Ordinal)).Sum(line => (long)double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));
        return new(Sum("edgegw_worker_allocated_bytes_total "), Sum("edgegw_requests_total{"));
    }

    public ValueTask DisposeAsync() => _gateway.DisposeAsync();
}
