using System.Globalization;
using EdgeGw.Tests.Support;

namespace EdgeGw.Load;

/// <summary>The published gateway with one handler written in C#.</summary>
internal sealed class GatewayServer : IServer
{
    private readonly Gateway _gateway;

    private GatewayServer(Gateway gateway, int worker, string path)
    {
        _gateway = gateway;
        Processes = [gateway.ControlPid, worker];
        Url = new Uri(gateway.Address, path);
    }

    public string Name => "edgegw";

    public Uri Url { get; }

    public IReadOnlyList<int> Processes { get; }

    /// <summary>Starts it.</summary>
    /// <param name="library">The folder and name of the handler library below artifacts/bench/.</param>
    /// <param name="path">What it will be asked for.</param>
    /// <param name="service">The arguments of <c>edgegw service add</c>; none for no service.</param>
    public static async Task<GatewayServer> StartAsync(string library, string path, params string[] service)
    {
        var gateway = await Gateway.StartAsync();
        try
        {
            if (service.Length > 0 && await gateway.Cli.RunAsync(["service", "add", .. service]) is { ExitCode: not 0 } refused)
            {
                throw new InvalidOperationException($"service add: {refused}");
            }
            await gateway.DeployAsync(Repository.Path($"artifacts/bench/{library}/{library}.so"));
            return new(gateway, await gateway.WorkerPidAsync(), path);
        }
        catch
        {
            await gateway.DisposeAsync();
            throw;
        }
    }

    public async Task<Allocation?> AllocationAsync()
    {
        var lines = (await _gateway.Control.GetStringAsync("/metrics")).Split('\n');
        long Sum(string name) => lines.Where(line => line.StartsWith(name, StringComparison.Ordinal)).Sum(line => (long)double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));
        return new(Sum("edgegw_worker_allocated_bytes_total "), Sum("edgegw_requests_total{"));
    }

    public ValueTask DisposeAsync() => _gateway.DisposeAsync();
}
