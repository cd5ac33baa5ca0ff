using System.Globalization;
using System.Text;
using EdgeGw.Load.Peers.Nginx;
using EdgeGw.Tests.Support;

namespace EdgeGw.Load;

/// <summary>Many routes, many handlers, many connections.</summary>
internal static class ScaleCases
{
    private const int FewRoutes = 10;
    private const int ManyRoutes = 10_000;
    // Spread over all routes: each in turn would be a megabyte of requests in the client.
    private const int AskedRoutes = 1000;
    private const int Handlers = 200;
    private const int Idle = 10_000;
    private const int Opening = 64;

    /// <summary>10,000 routes beside 10.</summary>
    public static async Task<Outcome> RoutesAsync(Plan plan)
    {
        var many = new Ask([.. Enumerable.Range(0, AskedRoutes).Select(i => $"/service{i * ManyRoutes / AskedRoutes}/items/4711")]);
        var few = new Ask([.. Enumerable.Range(0, FewRoutes).Select(i => $"/service{i}/items/4711")]);
        await using var manyHere = await GatewayServer.StartAsync($"Routes{ManyRoutes}");
        await using var fewHere = await GatewayServer.StartAsync($"Routes{FewRoutes}");
        await using var manyThere = await BaselineServer.StartAsync(Setting("routes", ManyRoutes));
        await using var fewThere = await BaselineServer.StartAsync(Setting("routes", FewRoutes));
        return await WorkCases.CompareAsync(
            "Routes",
            $"`GET /service4711/items/4711` and so on: {ManyRoutes} routes with a typed parameter, {AskedRoutes} of them asked for in turn, beside {FewRoutes}, all in turn. The gateway's handler is in C, so that what is compared weighs more.",
            [
                new($"edgegw, {ManyRoutes} routes", manyHere, many), new($"edgegw, {FewRoutes} routes", fewHere, few),
                new($"{manyThere.Name}, {ManyRoutes} routes", manyThere, many), new($"{fewThere.Name}, {FewRoutes} routes", fewThere, few),
            ],
            plan);
    }

    /// <summary>200 libraries in rotation beside one.</summary>
    public static async Task<Outcome> HandlersAsync(Plan plan)
    {
        var rotation = new Ask([.. Enumerable.Range(0, Handlers).Select(i => $"/h{i}/hello")]);
        await using var many = await GatewayServer.StartAsync(gateway => DeployAsync(gateway, Handlers));
        await using var one = await GatewayServer.StartAsync(gateway => DeployAsync(gateway, 1));
        await using var there = await BaselineServer.StartAsync(Setting("handlers", Handlers));
        return await WorkCases.CompareAsync(
            "Handlers",
            $"`GET /h0/hello` to `/h{Handlers - 1}/hello` in turn, each a NativeAOT library of its own, beside one; and as many routes of one program.",
            [new($"edgegw, {Handlers} handlers", many, rotation), new("edgegw, one handler", one, new Ask("/h0/hello")), new($"{there.Name}, {Handlers} routes", there, rotation)],
            plan);
    }

    /// <summary>What connections cost that have asked once and wait.</summary>
    public static async Task<Outcome> IdleAsync(Plan plan)
    {
        var text = new StringBuilder().AppendLine(Report.Title("Idle connections")).AppendLine();
        text.AppendLine(CultureInfo.InvariantCulture, $"{Idle} connections, each of which got `GET /hello` once and stays. Resident memory of all of a server's processes before the first and {Plan.IdleSeconds} s after the last; the kernel's buffers are not in it. {Report.Machine()}.");
        text.AppendLine().AppendLine("| server | MB before | MB with them | bytes per connection |").AppendLine("|---|---|---|---|");
        var figures = new Dictionary<string, double[]>();
        foreach (var start in (Func<Task<IServer>>[])
            [
                async () => await GatewayServer.StartAsync(gateway => gateway.DeployAsync(GatewayServer.Library("Hello")), $"Limits:Connections={2 * Idle}"),
                async () => await BaselineServer.StartAsync(),
                async () => await NginxServer.StaticAsync(),
            ])
        {
            await using var server = await start();
            await Wrk.RunAsync(server.Address, new Ask("/hello"), Plan.WarmUpSeconds, plan.Connections);
            await Task.Delay(TimeSpan.FromSeconds(Plan.IdleSeconds));
            var before = server.Processes.Sum(ProcessFigures.ResidentBytes);
            var connections = new List<RawConnection>();
            try
            {
                while (connections.Count < Idle)
                {
                    connections.AddRange(await Task.WhenAll(Enumerable.Range(0, Math.Min(Opening, Idle - connections.Count)).Select(_ => AskedOnceAsync(server.Address))));
                }
                await Task.Delay(TimeSpan.FromSeconds(Plan.IdleSeconds));
                var with = server.Processes.Sum(ProcessFigures.ResidentBytes);
                figures[server.Name] = [with - before];
                text.AppendLine(CultureInfo.InvariantCulture, $"| {server.Name} | {before / 1e6:0.0} | {with / 1e6:0.0} | {(with - before) / (double)Idle:0} |");
            }
            finally
            {
                connections.ForEach(connection => connection.Dispose());
            }
        }
        return new(text.ToString(), [], figures);
    }

    private static async Task<RawConnection> AskedOnceAsync(Uri address)
    {
        var connection = await RawConnection.OpenAsync(address);
        await connection.SendAsync($"GET /hello HTTP/1.1\r\nHost: {address.Authority}\r\n\r\n");
        var answer = await connection.ReadUntilAsync("\"count\":1}");
        return answer.StartsWith("HTTP/1.1 200", StringComparison.Ordinal) ? connection : throw new InvalidOperationException($"{address} answered: {answer}");
    }

    private static async Task DeployAsync(Gateway gateway, int handlers)
    {
        var bytes = await File.ReadAllBytesAsync(GatewayServer.Library("Hello"));
        for (var i = 0; i < handlers; i++)
        {
            // A library is known by its bytes: a few more at its end make another one.
            using var library = new ByteArrayContent([.. bytes, (byte)i, 1]);
            using var response = await gateway.Control.PostAsync($"/api/v1/deployments?name=h{i}&prefix=/h{i}", library);
            response.EnsureSuccessStatusCode();
        }
    }

    private static Dictionary<string, string> Setting(string name, int value) => new() { [name] = value.ToString(CultureInfo.InvariantCulture) };
}
