using System.Diagnostics;
using EdgeGw.Tests.Support;

namespace EdgeGw.Load;

/// <summary>The ASP.NET Core NativeAOT app.</summary>
internal sealed class BaselineServer : IServer
{
    private readonly Process _process;

    private BaselineServer(Process process, Uri url)
    {
        _process = process;
        Url = url;
    }

    public string Name => "ASP.NET Core AOT";

    public Uri Url { get; }

    public IReadOnlyList<int> Processes => [_process.Id];

    /// <summary>Starts it.</summary>
    /// <param name="path">What it will be asked for.</param>
    /// <param name="settings">Settings as its configuration takes them.</param>
    public static async Task<BaselineServer> StartAsync(string path, IReadOnlyDictionary<string, string> settings)
    {
        // The app logs nothing, not even its port: pick a free one for it.
        using var probe = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        probe.Start();
        var port = ((System.Net.IPEndPoint)probe.LocalEndpoint).Port;
        probe.Stop();
        var url = new Uri($"http://127.0.0.1:{port}");
        var start = new ProcessStartInfo(Repository.Path("artifacts/bench/AspNetBaseline/AspNetBaseline"), ["--urls", url.ToString()]);
        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }
        var server = new BaselineServer(Process.Start(start)!, new Uri(url, path));
        try
        {
            using var client = Http.Http11(url);
            await Eventually.TrueAsync(() => AnswersAsync(client, path), () => "the baseline answers");
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public Task<Allocation?> AllocationAsync() => Task.FromResult<Allocation?>(null);

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static async Task<bool> AnswersAsync(HttpClient client, string path)
    {
        try
        {
            using var answer = await client.GetAsync(path);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
