using System.Diagnostics;
using System.Globalization;
using EdgeGw.Tests.Support;

namespace EdgeGw.Load.Peers;

/// <summary>A server of another make: started, waited for, and ended by its process id.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly CapturedLines _error;

    private ServerProcess(Process process)
    {
        _process = process;
        _error = new(process.StandardError);
    }

    /// <summary>The process and its children, as they are once it answers.</summary>
    public IReadOnlyList<int> Tree { get; private set; } = [];

    /// <summary>Starts it and waits until it answers, with any status.</summary>
    public static async Task<ServerProcess> StartAsync(ProcessStartInfo start, Uri address, bool http2 = false)
    {
        start.RedirectStandardError = true;
        var server = new ServerProcess(Process.Start(start) ?? throw new InvalidOperationException($"{start.FileName} did not start."));
        try
        {
            await Eventually.TrueAsync(() => server.AnswersAsync(address, http2), () => $"{start.FileName} answers on {address}\n{server._error}");
            server.Tree = [server._process.Id, .. Children(server._process.Id)];
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>A loopback address that nobody listens on.</summary>
    public static Uri FreeAddress()
    {
        using var probe = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        probe.Start();
        return new Uri($"http://127.0.0.1:{((System.Net.IPEndPoint)probe.LocalEndpoint).Port}");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await Command.RunAsync("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]);
            if (!await Eventually.IsTrueAsync(() => Task.FromResult(_process.HasExited), TimeSpan.FromSeconds(5)))
            {
                _process.Kill(entireProcessTree: true);
                await _process.WaitForExitAsync();
            }
        }
        _process.Dispose();
    }

    private static IEnumerable<int> Children(int pid) =>
        File.ReadAllText($"/proc/{pid}/task/{pid}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(child => int.Parse(child, CultureInfo.InvariantCulture)).SelectMany(child => (int[])[child, .. Children(child)]);

    private async Task<bool> AnswersAsync(Uri address, bool http2)
    {
        if (_process.HasExited)
        {
            throw new InvalidOperationException($"the server ended with exit code {_process.ExitCode}.\n{await _error.AllAsync()}");
        }
        using var client = http2 ? Http.Http2(address) : Http.Http11(address);
        try
        {
            using var answer = await client.GetAsync("/");
            return true;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
