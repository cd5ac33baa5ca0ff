using System.Diagnostics;
using System.Globalization;
using System.Text;
using EdgeGw.Load.Peers;
using EdgeGw.Tests.Support;

namespace EdgeGw.Load;

/// <summary>From the start of a process, and from a file on disk, to the first answer.</summary>
internal static class StartCases
{
    private const int Starts = 10;
    private const int Deploys = 20;

    /// <summary>Measures both.</summary>
    public static async Task<Outcome> StartAsync(Plan plan)
    {
        var figures = new Dictionary<string, double[]>();
        using (var state = new TemporaryFolder())
        {
            await using (var gateway = await Gateway.StartAsync(new() { State = state["state"] }))
            {
                await gateway.DeployAsync(GatewayServer.Library("Hello"));
            }
            var (ours, theirs) = (new double[Starts], new double[Starts]);
            for (var i = 0; i < Starts; i++)
            {
                var address = ServerProcess.FreeAddress();
                ours[i] = await FirstAnswerAsync(new ProcessStartInfo(Repository.GatewayBinary, ["run", "--state", state["state"], "--admin", "http://127.0.0.1:0", "--listen", address.GetLeftPart(UriPartial.Authority)]), address);
                var (start, there) = BaselineServer.Prepared();
                theirs[i] = await FirstAnswerAsync(start, there);
            }
            (figures["cold start, edgegw"], figures["cold start, ASP.NET Core AOT"]) = (ours, theirs);
        }
        await using (var gateway = await Gateway.StartAsync())
        {
            figures["deploy of a C library, over the Admin API"] = await DeploysAsync(gateway, async library =>
            {
                using var content = new ByteArrayContent(await File.ReadAllBytesAsync(library));
                using var answer = await gateway.Control.PostAsync("/api/v1/deployments", content);
                answer.EnsureSuccessStatusCode();
            });
            figures["deploy of a C library, by `edgegw deploy`"] = await DeploysAsync(gateway, library => gateway.DeployAsync(library));
            figures["deploy of a C# library, by `edgegw deploy`"] = await ManagedDeploysAsync(gateway);
        }

        var text = new StringBuilder().AppendLine(Report.Title("Starts and deploys")).AppendLine();
        text.AppendLine(CultureInfo.InvariantCulture, $"Cold start: from the start of the process, with one C# handler in the state directory, to the first `200` through it; {Starts} of each, in turn, the files in the page cache.");
        text.AppendLine(CultureInfo.InvariantCulture, $"Deploy: from a file on disk, scout and self-test included, to the first answer of the new version; {Deploys} of each. {Report.Machine()}.");
        text.AppendLine().AppendLine("| what | median ms | least | most |").AppendLine("|---|---|---|---|");
        foreach (var (name, values) in figures)
        {
            var ordered = values.Order().ToArray();
            text.AppendLine(CultureInfo.InvariantCulture, $"| {name} | {Report.Median(ordered):0.0} | {ordered[0]:0.0} | {ordered[^1]:0.0} |");
        }
        return new(text.ToString(), [], figures);
    }

    private static async Task<double> FirstAnswerAsync(ProcessStartInfo start, Uri address)
    {
        start.RedirectStandardOutput = start.RedirectStandardError = true;
        var started = Stopwatch.GetTimestamp();
        using var process = Process.Start(start)!;
        var (output, error) = (new CapturedLines(process.StandardOutput), new CapturedLines(process.StandardError));
        try
        {
            using var client = Http.Http11(address);
            while (true)
            {
                try
                {
                    using var answer = await client.GetAsync("/hello");
                    if (answer.IsSuccessStatusCode)
                    {
                        return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
                    }
                }
                catch (HttpRequestException) when (!process.HasExited)
                {
                    // Nobody listens yet.
                }
                if (Stopwatch.GetElapsedTime(started) > Eventually.Patience)
                {
                    throw new TimeoutException($"{start.FileName} did not answer.\n{output}\n{error}");
                }
                await Task.Delay(1);
            }
        }
        finally
        {
            await Command.RunAsync("kill", ["-TERM", process.Id.ToString(CultureInfo.InvariantCulture)]);
            await process.WaitForExitAsync();
        }
    }

    private static async Task<double[]> DeploysAsync(Gateway gateway, Func<string, Task> deploy)
    {
        using var client = Http.Http11(gateway.Address);
        var taken = new double[Deploys];
        for (var i = 0; i < Deploys; i++)
        {
            var version = 1 + (i % 2);
            var started = Stopwatch.GetTimestamp();
            await deploy(Repository.Fixture($"ok{version}"));
            var text = await client.GetStringAsync("/ok");
            taken[i] = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
            if (text != $$"""{"version":{{version}}}""")
            {
                throw new InvalidOperationException($"After the deploy of version {version} the answer was {text}.");
            }
        }
        return taken;
    }

    // The answer of each is the same: the command ends when the version is live.
    private static async Task<double[]> ManagedDeploysAsync(Gateway gateway)
    {
        using var folder = new TemporaryFolder();
        using var client = Http.Http11(gateway.Address);
        var bytes = await File.ReadAllBytesAsync(GatewayServer.Library("Hello"));
        var taken = new double[Deploys];
        for (var i = 0; i < Deploys; i++)
        {
            var library = folder["Hello.so"];
            await File.WriteAllBytesAsync(library, [.. bytes, (byte)i, 1]);
            var started = Stopwatch.GetTimestamp();
            await gateway.DeployAsync(library);
            await client.GetStringAsync("/hello");
            taken[i] = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        }
        return taken;
    }
}
