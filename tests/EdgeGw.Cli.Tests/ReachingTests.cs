using System.Net.Sockets;

namespace EdgeGw.Cli.Tests;

public class ReachingTests
{
    [Test]
    public async Task No_gateway_exits_with_3_and_says_what_to_do()
    {
        using var folder = new TemporaryFolder();
        var result = await new Edgegw().RunAsync("status", "--state", folder.Root);
        Assert.That(result.ExitCode, Is.EqualTo(ExitCode.Unreachable));
        Assert.That(result.Error, Is.EqualTo($"edgegw: no gateway answers at {folder["control.sock"]}; start one with 'edgegw run', or say where it is with --state or --server\n"));
    }

    [Test]
    public async Task A_socket_that_nobody_listens_on_any_more_exits_with_3()
    {
        using var folder = new TemporaryFolder();
        using (var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            listener.Bind(new UnixDomainSocketEndPoint(folder["left.sock"]));
            // A copy: closing a bound socket removes its file.
            File.CreateSymbolicLink(folder["control.sock"], folder["left.sock"]);
            var result = await new Edgegw().RunAsync("status", "--state", folder.Root);
            Assert.That(result.ExitCode, Is.EqualTo(ExitCode.Unreachable), result.ToString());
            Assert.That(result.Error, Does.Contain("no gateway answers at"));
        }
    }

    [Test]
    public async Task A_state_directory_too_deep_for_a_socket_is_wrong_usage()
    {
        var result = await new Edgegw().RunAsync("status", "--state", "/" + new string('d', 120));
        Assert.That(result.ExitCode, Is.EqualTo(ExitCode.Usage));
        Assert.That(result.Error, Does.Contain("is longer than a Unix socket's path may be"));
    }

    [Test]
    public async Task Over_TCP_the_token_is_sent()
    {
        await using var gateway = await ScriptedGateway.StartAsync();
        gateway.On("GET /api/v1/status", Answers.Status);
        var switches = await new Edgegw().RunAsync("status", "--server", gateway.Url, "--token", "secret");
        var variables = await new Edgegw().With("EDGEGW_SERVER", gateway.Url + "/").With("EDGEGW_TOKEN", "secret\n").RunAsync("status");
        Assert.That((switches.ExitCode, variables.ExitCode), Is.EqualTo((0, 0)), switches.ToString() + variables);
        Assert.That(gateway.Seen.Select(seen => seen.Authorization), Is.All.EqualTo("Bearer secret"));
    }

    [Test]
    public async Task A_switch_for_the_state_wins_over_the_variable_for_the_server()
    {
        await using var gateway = await ScriptedGateway.StartAsync();
        gateway.On("GET /api/v1/status", Answers.Status);
        var result = await new Edgegw().With("EDGEGW_SERVER", "http://127.0.0.1:1").RunAsync("status", "--state", gateway.State);
        Assert.That(result.ExitCode, Is.Zero, result.ToString());
        Assert.That(gateway.Seen.Single().Authorization, Is.Null);
    }

    [Test]
    public async Task A_server_that_refuses_the_connection_exits_with_3()
    {
        using var closed = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        closed.Bind(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0)); // bound, so that nobody else gets the port; not listening
        var port = ((System.Net.IPEndPoint)closed.LocalEndPoint!).Port;
        var result = await new Edgegw().RunAsync("status", "--server", $"http://127.0.0.1:{port}", "--token", "t");
        Assert.That(result.ExitCode, Is.EqualTo(ExitCode.Unreachable));
        Assert.That(result.Error, Does.Contain("no gateway answers at http://127.0.0.1:"));
    }

    [Test]
    public async Task A_gateway_that_breaks_off_in_the_middle_exits_with_3()
    {
        await using var gateway = await ScriptedGateway.StartAsync();
        gateway.On("GET /api/v1/status", (_, http) =>
        {
            http.Abort();
            return Task.CompletedTask;
        });
        var result = await gateway.Cli().RunAsync("status");
        Assert.That(result.ExitCode, Is.EqualTo(ExitCode.Unreachable));
        Assert.That(result.Error, Does.StartWith("edgegw: the connection to "));
    }

    [Test]
    public async Task A_wrong_token_says_where_the_right_one_is()
    {
        await using var gateway = await ScriptedGateway.StartAsync();
        gateway.On("GET /api/v1/status", """{"title":"Unauthorized","status":401}""", 401);
        var result = await new Edgegw().RunAsync("status", "--server", gateway.Url, "--token", "wrong");
        Assert.That(result.ExitCode, Is.EqualTo(ExitCode.Failed));
        Assert.That(result.Error, Does.Contain("does not accept the token").And.Contain("admin.token"));
    }

    [TestCase("""{"title":"Conflict","detail":"there is nothing to go back to","status":409}""", "edgegw: there is nothing to go back to\n")]
    [TestCase("""{"title":"Refused","reasons":["one","two\u0007"],"status":422}""", "edgegw: Refused\n  - one\n  - two\\u0007\n")]
    [TestCase("""{"title":"Refused","detail":"Refused: one","reasons":["one"]}""", "edgegw: Refused: one\n")]
    public async Task A_refusal_exits_with_1_and_gives_its_reasons(string problem, string expected)
    {
        await using var gateway = await ScriptedGateway.StartAsync();
        gateway.On("POST /api/v1/rollbacks", problem, 409);
        var text = await gateway.Cli().RunAsync("rollback");
        var json = await gateway.Cli().RunAsync("rollback", "--json");
        Assert.That((text.ExitCode, text.Output, text.Error), Is.EqualTo((ExitCode.Failed, "", expected)));
        Assert.That((json.ExitCode, json.Output, json.Error), Is.EqualTo((ExitCode.Failed, problem + "\n", expected)));
    }

    [TestCase("<html>Bad gateway</html>", 502, "answered 502 (BadGateway)")]
    [TestCase("<html>Hello</html>", 200, "is it an edgegw of another version?")]
    [TestCase("null", 200, "is it an edgegw of another version?")]
    [TestCase("""{"epoch":"twelve"}""", 200, "is it an edgegw of another version?")]
    public async Task An_answer_that_is_not_the_APIs_exits_with_1(string answer, int status, string expected)
    {
        await using var gateway = await ScriptedGateway.StartAsync();
        var result = await gateway.On("GET /api/v1/status", answer, status).Cli().RunAsync("status");
        Assert.That(result.ExitCode, Is.EqualTo(ExitCode.Failed));
        Assert.That(result.Error, Does.Contain(expected));
    }
}
