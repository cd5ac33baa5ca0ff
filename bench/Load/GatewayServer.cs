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

    public async Task<long?> AllocatedBytesAsync()
    {
        var metrics = await _gateway.Control.GetStringAsync("/metrics");
        return metrics.Split('\n').FirstOrDefault(line => line.StartsWith("edgegw_worker_allocated_bytes", StringComparison.Ordinal)) is { } line
            ? (long)double.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture)
            : null;
    }

    public ValueTask DisposeAsync() => _gateway.DisposeAsync();
}
