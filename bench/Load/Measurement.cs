using EdgeGw.Tests.Support;

namespace EdgeGw.Load;

/// <summary>One round of one server.</summary>
/// <param name="Load">What wrk saw.</param>
/// <param name="CpuMicroseconds">User and system time of all the server's processes, per request.</param>
/// <param name="AllocatedBytes">Managed bytes per request, or null.</param>
internal sealed record Round(Wrk Load, double CpuMicroseconds, double? AllocatedBytes);

/// <summary>All rounds of one server.</summary>
/// <param name="Name">The server.</param>
/// <param name="IdleBytes">Resident bytes of its processes before any load.</param>
/// <param name="LoadedBytes">Resident bytes of its processes at the end.</param>
/// <param name="Rounds">The rounds.</param>
internal sealed record Measured(string Name, long IdleBytes, long LoadedBytes, IReadOnlyList<Round> Rounds);

/// <summary>Runs the rounds.</summary>
internal static class Measurement
{
    /// <summary>Interleaves the servers, each round beginning with another one, so that whatever else the machine does hits all alike.</summary>
    public static async Task<IReadOnlyList<Measured>> RunAsync(IReadOnlyList<IServer> servers, Plan plan)
    {
        // The gateway gives memory back in a second without work.
        await Task.Delay(TimeSpan.FromSeconds(Plan.IdleSeconds));
        var idle = servers.Select(Resident).ToArray();
        foreach (var server in servers)
        {
            await Wrk.RunAsync(server.Url, Plan.WarmUpSeconds, plan.Connections);
        }

        var rounds = servers.Select(_ => new List<Round>()).ToArray();
        for (var round = 0; round < plan.Rounds; round++)
        {
            for (var i = 0; i < servers.Count; i++)
            {
                var which = (i + round) % servers.Count;
                rounds[which].Add(await RoundAsync(servers[which], plan));
                Console.Error.WriteLine($"round {round + 1}, {servers[which].Name}: {rounds[which][^1].CpuMicroseconds:0.00} µs CPU per request, {rounds[which][^1].Load.RequestsPerSecond:0} requests/s");
            }
        }

        return [.. servers.Select((server, i) => new Measured(server.Name, idle[i], Resident(server), rounds[i]))];
    }

    private static async Task<Round> RoundAsync(IServer server, Plan plan)
    {
        var cpu = Cpu(server);
        var load = await Wrk.RunAsync(server.Url, plan.Seconds, plan.Connections);
        var spent = Cpu(server) - cpu;
        return new(load, spent.TotalMicroseconds / load.Requests, await AllocatedAsync(server, plan));
    }

    // Under a load of its own, so that asking does not weigh on the figures above; between two looks, so that opening the connections does not count; and less what a look costs.
    private static async Task<double?> AllocatedAsync(IServer server, Plan plan)
    {
        if (await server.AllocationAsync() is not { } before || await server.AllocationAsync() is not { } after)
        {
            return null;
        }
        var look = after.Bytes - before.Bytes;
        var load = Wrk.RunAsync(server.Url, Plan.AllocationSeconds, plan.Connections);
        await Task.Delay(TimeSpan.FromSeconds(1));
        var first = await server.AllocationAsync();
        await Task.Delay(TimeSpan.FromSeconds(Plan.AllocationSeconds - 2));
        var second = await server.AllocationAsync();
        await load;
        return (second!.Bytes - first!.Bytes - look) / (double)(second.Requests - first.Requests);
    }

    private static TimeSpan Cpu(IServer server) => server.Processes.Aggregate(TimeSpan.Zero, (sum, pid) => sum + ProcessFigures.CpuTime(pid));

    private static long Resident(IServer server) => server.Processes.Sum(ProcessFigures.ResidentBytes);
}
