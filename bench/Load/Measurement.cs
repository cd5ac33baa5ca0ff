using EdgeGw.Tests.Support;

namespace EdgeGw.Load;

/// <summary>One round of one contender.</summary>
/// <param name="Saturated">As much as it answered.</param>
/// <param name="CpuMicroseconds">User and system time of all the server's processes, per request, when saturated.</param>
/// <param name="Switches">Context switches of all its threads, per request, when saturated.</param>
/// <param name="Half">Latencies at half of this round's throughput.</param>
/// <param name="AllocatedBytes">Managed bytes per request, or null.</param>
internal sealed record Round(Saturation Saturated, double CpuMicroseconds, double Switches, Latencies Half, double? AllocatedBytes);

/// <summary>All rounds of one contender.</summary>
/// <param name="Name">As in the report.</param>
/// <param name="IdleBytes">Resident bytes of its processes before any load.</param>
/// <param name="LoadedBytes">Resident bytes of its processes at the end.</param>
/// <param name="Rounds">The rounds.</param>
internal sealed record Measured(string Name, long IdleBytes, long LoadedBytes, IReadOnlyList<Round> Rounds);

/// <summary>Runs the rounds.</summary>
internal static class Measurement
{
    /// <summary>Interleaves the contenders, each round beginning with another one, so that whatever else the machine does hits all alike.</summary>
    public static async Task<IReadOnlyList<Measured>> RunAsync(IReadOnlyList<Contender> contenders, Plan plan)
    {
        // The gateway gives memory back in a second without work.
        await Task.Delay(TimeSpan.FromSeconds(Plan.IdleSeconds));
        var idle = contenders.Select(Resident).ToArray();
        foreach (var contender in contenders)
        {
            await SaturateAsync(contender, Plan.WarmUpSeconds, plan);
        }

        var rounds = contenders.Select(_ => new List<Round>()).ToArray();
        for (var round = 0; round < plan.Rounds; round++)
        {
            for (var i = 0; i < contenders.Count; i++)
            {
                var which = (i + round) % contenders.Count;
                rounds[which].Add(await RoundAsync(contenders[which], plan));
                var last = rounds[which][^1];
                Console.Error.WriteLine($"round {round + 1}, {contenders[which].Name}: {last.CpuMicroseconds:0.00} µs CPU per request, {last.Saturated.PerSecond:0} requests/s, p99 {last.Half.P99:0.00} ms at half of it");
            }
        }

        return [.. contenders.Select((contender, i) => new Measured(contender.Name, idle[i], Resident(contender), rounds[i]))];
    }

    /// <summary>As much as it answers.</summary>
    public static Task<Saturation> SaturateAsync(Contender contender, double seconds, Plan plan) => contender.Ask.Http2Streams > 0
        ? H2Load.SaturateAsync(contender.Server.Address, contender.Ask, seconds, Plan.Http2Connections)
        : Wrk.RunAsync(contender.Server.Address, contender.Ask, seconds, plan.Connections);

    private static async Task<Round> RoundAsync(Contender contender, Plan plan)
    {
        var switches = ContextSwitches.Of(contender.Server.Processes);
        var cpu = Cpu(contender);
        var saturated = await SaturateAsync(contender, plan.Seconds, plan);
        var spent = Cpu(contender) - cpu;
        var switched = switches.Count();
        var half = await H2Load.AtRateAsync(contender.Server.Address, contender.Ask, saturated.PerSecond / 2, plan.Seconds);
        return new(saturated, spent.TotalMicroseconds / saturated.Requests, switched / (double)saturated.Requests, half, await AllocatedAsync(contender, plan));
    }

    // Under a load of its own, so that asking does not weigh on the figures above; between two looks, so that opening the connections does not count; and less what a look costs.
    private static async Task<double?> AllocatedAsync(Contender contender, Plan plan)
    {
        var server = contender.Server;
        if (await server.AllocationAsync() is not { } before || await server.AllocationAsync() is not { } after)
        {
            return null;
        }
        var look = after.Bytes - before.Bytes;
        var load = SaturateAsync(contender, Plan.AllocationSeconds, plan);
        await Task.Delay(TimeSpan.FromSeconds(1));
        var first = await server.AllocationAsync();
        await Task.Delay(TimeSpan.FromSeconds(Plan.AllocationSeconds - 2));
        var second = await server.AllocationAsync();
        await load;
        return (second!.Bytes - first!.Bytes - look) / (double)(second.Requests - first.Requests);
    }

    private static TimeSpan Cpu(Contender contender) => contender.Server.Processes.Aggregate(TimeSpan.Zero, (sum, pid) => sum + ProcessFigures.CpuTime(pid));

    private static long Resident(Contender contender) => contender.Server.Processes.Sum(ProcessFigures.ResidentBytes);
}
