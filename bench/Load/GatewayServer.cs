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
        Url = new Uri(gateway.Address, "/hello");
    }

    public string Name => "edgegw";

    public Uri Url { get; }

    public IReadOnlyList<int> Processes { get; }

    public static async Task<GatewayServer> StartAsync()
    {
        var gateway = await Gateway.StartAsync();
        await gateway.DeployAsync(Repository.Path("artifacts/bench/Hello/Hello.so"));
        return new(gateway, await gateway.WorkerPidAsync());
    }

    public async Task<Allocation?> AllocationAsync()
    {
        var lines = (await _gateway.Control.GetStringAsync("/metrics")).Split('\n');
        long Sum(string name) => lines.Where(line => line.StartsWith(name, StringComparison.Ordinal)).Sum(line => (long)double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));
        return new(Sum("edgegw_worker_allocated_bytes_total "), Sum("edgegw_requests_total{"));
    }

    public ValueTask DisposeAsync() => _gateway.DisposeAsync();
}
