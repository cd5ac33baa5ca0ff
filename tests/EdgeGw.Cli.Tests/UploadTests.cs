using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace EdgeGw.Cli.Tests;

/// <summary>A library is sent whole or not at all, whatever the network does.</summary>
public class UploadTests
{
    [Test]
    public async Task After_a_connection_that_broke_it_is_sent_again()
    {
        await using var gateway = await DeployTests.StartAsync();
        var bodies = new List<string>();
        gateway.On("POST /api/v1/deployments", async (seen, http) =>
        {
            bodies.Add(seen.Sha256);
            if (bodies.Count == 1)
            {
                http.Abort();
                return;
            }
            http.Response.StatusCode = 201;
            await http.Response.WriteAsync(Answers.Change(seen.Sha256));
        });
        using var folder = new TemporaryFolder();
        var result = await gateway.Cli(time: new HurriedClock()).RunAsync("deploy", folder.Write("hello.so", "library"));
        Assert.That(result.ExitCode, Is.Zero, result.ToString());
        Assert.That(result.Output, Does.StartWith("✓ hello 1.0.1 is live"));
        Assert.That(result.Error, Does.EndWith("; sending hello.so again\n"));
        Assert.That(bodies, Has.Count.EqualTo(2).And.All.EqualTo(bodies[0]));
    }

    [Test]
    public async Task One_that_breaks_in_the_middle_each_time_fails_whole_and_says_that_nothing_was_changed()
    {
        await using var network = new BreakingNetwork();
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["hello.so"], RandomNumberGenerator.GetBytes(16_000_000));
        var result = await new Edgegw { Time = new HurriedClock() }.RunAsync("deploy", folder["hello.so"], "--server", network.Url, "--token", "t");
        Assert.That(result.ExitCode, Is.EqualTo(ExitCode.Unreachable), result.ToString());
        Assert.That(result.Error, Does.Contain($"edgegw: hello.so was not sent as a whole, and nothing was changed (the connection to {network.Url}/ broke").And.EndsWith("), 3 times\n"));
        Assert.That(network.Connections, Is.EqualTo(3));
    }

    [Test]
    public async Task One_whose_answer_is_lost_each_time_says_that_nobody_knows()
    {
        await using var gateway = await DeployTests.StartAsync();
        gateway.On("POST /api/v1/deployments", (_, http) =>
        {
            http.Abort();
            return Task.CompletedTask;
        });
        using var folder = new TemporaryFolder();
        var library = folder.Write("hello.so", "library");
        var result = await gateway.Cli(time: new HurriedClock()).RunAsync("deploy", library);
        Assert.That(result.Error, Does.Contain("edgegw: all of hello.so was sent, but no answer came (the connection to ").And.EndsWith(" 3 times: see with 'edgegw status' whether it is in service\n"));
        Assert.That(gateway.Seen.Count(seen => seen.Method == "POST"), Is.EqualTo(3));

        // A canary that is there already would be refused.
        var canary = await gateway.Cli(time: new HurriedClock()).RunAsync("deploy", library, "--canary", "5%");
        Assert.That(canary.ExitCode, Is.EqualTo(ExitCode.Unreachable));
        Assert.That(gateway.Seen.Count(seen => seen.Method == "POST"), Is.EqualTo(4));
    }

    [Test]
    public async Task A_gateway_that_is_not_there_is_not_tried_again()
    {
        using var folder = new TemporaryFolder();
        var result = await new Edgegw().With("EDGEGW_STATE", folder.Root).RunAsync("deploy", folder.Write("hello.so", "library"));
        Assert.That((result.ExitCode, result.Error), Is.EqualTo((ExitCode.Unreachable, $"edgegw: no gateway answers at {folder["control.sock"]}; start one with 'edgegw run', or say where it is with --state or --server\n")));
    }

    /// <summary>Takes the beginning of each request, then resets the connection.</summary>
    private sealed class BreakingNetwork : IAsyncDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly Task _running;
        private int _connections;

        public BreakingNetwork()
        {
            _listener.Start();
            _running = RunAsync();
        }

        public string Url => $"http://{_listener.LocalEndpoint}";

        public int Connections => Volatile.Read(ref _connections);

        public async ValueTask DisposeAsync()
        {
            _listener.Dispose();
            await _running;
        }

        private async Task RunAsync()
        {
            try
            {
                while (true)
                {
                    using var client = await _listener.AcceptTcpClientAsync();
                    Interlocked.Increment(ref _connections);
                    var stream = client.GetStream();
                    var piece = new byte[100_000];
                    _ = await stream.ReadAsync(piece);
                    await stream.WriteAsync(Encoding.ASCII.GetBytes("HTTP/1.1 100 Continue\r\n\r\n"));
                    await stream.ReadExactlyAsync(piece);
                    client.LingerState = new LingerOption(true, 0);
                }
            }
            catch (SocketException)
            {
                // The test is over.
            }
        }
    }
}
