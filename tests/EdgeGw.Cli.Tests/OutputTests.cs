namespace EdgeGw.Cli.Tests;

public class OutputTests
{
    [Test]
    public async Task Status_shows_the_processes_and_the_ledger()
    {
        await using var gateway = await ScriptedGateway.StartAsync();
        var result = await gateway.On("GET /api/v1/status", Answers.Status).Cli().RunAsync("status");
        Assert.That(result.ExitCode, Is.Zero, result.ToString());
        Assert.That(result.Output, Is.EqualTo("""
            edgegw 0.1.0 (ABI 1.0) is ready, epoch 12
              listen   http://127.0.0.1:8080
              admin    http://127.0.0.1:8081
              state    /var/lib/edgegw
              control  pid 10, up 1 min 5 s, 23 MB
              worker   pid 11, up 900 ms, 25 MB, 9 threads, 1 restart, 0 hand-overs, 0 in flight, 5 requests

            HANDLER  VERSION  STATE     IN FLIGHT  REQUESTS    LOAD  MEMORY  THREADS  LOADED     SHA-256
            hello    1.0.1    live              0         5  1.2 ms  1.5 MB        1  2 min ago  aabbccddeeff
            hello    1.0.0    draining         12   1234567   42 ms  2.5 MB        1  2 h ago    001122334455
            hello 1.0.0: a thread was \u001b[2Jlost

            """));
    }

    [Test]
    public async Task A_gateway_that_is_not_ready_says_why()
    {
        await using var gateway = await ScriptedGateway.StartAsync();
        gateway.On("GET /api/v1/status", """{ "version": "0.1.0", "abi": "1.0", "epoch": 0, "ready": false, "reasons": ["the worker is starting"] }""");
        var result = await gateway.Cli().RunAsync("status");
        Assert.That(result.Output, Is.EqualTo("""
            edgegw 0.1.0 (ABI 1.0) is not ready, epoch 0
              - the worker is starting
              worker   not running

            No handlers. Deploy one with 'edgegw deploy <file.so or project folder>'.

            """));
    }

    [Test]
    public async Task Routes_are_a_table()
    {
        await using var gateway = await ScriptedGateway.StartAsync();
        var result = await gateway.On("GET /api/v1/routes", Answers.Routes).Cli().RunAsync("routes");
        Assert.That(result.Output, Is.EqualTo("""
            METHOD  HOST             PATTERN        HANDLER  VERSION  DEADLINE   BODY  CONCURRENCY
            GET     *                /hello/{name}  hello    1.0.1        30 s  30 MB          512
            POST    api.example.com  /other         other    2             2 s  512 B            8

            """));
    }

    [Test]
    public async Task History_marks_the_current_epoch()
    {
        await using var gateway = await ScriptedGateway.StartAsync();
        var result = await gateway.On("GET /api/v1/epochs", Answers.Epochs).Cli().RunAsync("history", "--limit", "2");
        Assert.That(result.Output, Is.EqualTo("""
               EPOCH  WHEN         WHAT                HANDLERS
            *     13  30 s ago     deploy hello 1.0.1  hello 1.0.1 (aa), other 2 (bb)
                  12  2 d 1 h ago  undeploy old        none

            """));
        Assert.That(gateway.Seen.Single().Query, Is.EqualTo("?limit=2"));
    }

    [Test]
    public async Task History_shows_services_where_there_are_any()
    {
        await using var gateway = await ScriptedGateway.StartAsync();
        gateway.On("GET /api/v1/epochs", """
            { "epochs": [
              { "number": 2, "current": true, "created": "2026-01-01T11:59:30Z", "action": "service", "reason": "disable cache:x", "parent": 1, "restores": null, "handlers": [],
                "services": [ { "kind": "cache", "name": "x", "provider": "redis", "enabled": false }, { "kind": "database", "name": "main", "provider": "postgres", "enabled": true } ] },
              { "number": 1, "current": false, "created": "2026-01-01T11:00:00Z", "action": "deploy", "reason": "deploy hello 1", "parent": 0, "restores": null, "handlers": [], "services": [] } ] }
            """);
        var result = await gateway.Cli().RunAsync("history");
        Assert.That(result.Output, Is.EqualTo("""
               EPOCH  WHEN      WHAT             HANDLERS  SERVICES
            *      2  30 s ago  disable cache:x  none      cache:x (redis, disabled), database:main (postgres)
                   1  1 h ago   deploy hello 1   none      none

            """));
    }

    [Test]
    public async Task Colour_is_for_terminals_and_only_without_NO_COLOR()
    {
        await using var gateway = await ScriptedGateway.StartAsync();
        gateway.On("GET /api/v1/status", Answers.Status);
        var plain = await gateway.Cli().RunAsync("status");
        var coloured = await gateway.Cli(terminal: true).RunAsync("status");
        var without = await gateway.Cli(terminal: true).With("NO_COLOR", "1").RunAsync("status");
        Assert.That(plain.Output, Does.Not.Contain('\e'));
        Assert.That(coloured.Output, Does.Contain("\e[32mlive\e[0m      "));
        Assert.That(System.Text.RegularExpressions.Regex.Replace(coloured.Output, "\e\\[[0-9;]*m", ""), Is.EqualTo(plain.Output));
        Assert.That(without.Output, Is.EqualTo(plain.Output));
    }

    [TestCase("status", "GET /api/v1/status", Answers.Status)]
    [TestCase("routes", "GET /api/v1/routes", Answers.Routes)]
    [TestCase("history", "GET /api/v1/epochs", Answers.Epochs)]
    [TestCase("service list", "GET /api/v1/services", Answers.Services)]
    public async Task Json_is_the_APIs_unchanged(string command, string call, string answer)
    {
        await using var gateway = await ScriptedGateway.StartAsync();
        var result = await gateway.On(call, answer).Cli(terminal: true).RunAsync([.. command.Split(' '), "--json"]);
        Assert.That(result.Output, Is.EqualTo(answer + "\n"));
    }

    [Test]
    public async Task A_rollback_says_what_is_live_now_and_an_undeploy_what_is_gone()
    {
        await using var gateway = await ScriptedGateway.StartAsync();
        gateway.On("POST /api/v1/rollbacks", Answers.Change("aabbccddeeff", "rollback hello to 1.0.1"), 201);
        gateway.On("DELETE /api/v1/handlers/other", Answers.Change("aabbccddeeff", "undeploy other"));
        var rollback = await gateway.Cli().RunAsync("rollback", "hello");
        var toEpoch = await gateway.Cli().RunAsync("rollback", "--to", "7");
        var last = await gateway.Cli().RunAsync("rollback");
        var undeploy = await gateway.Cli().RunAsync("undeploy", "other");
        Assert.That(rollback.Output, Is.EqualTo("✓ rolled back (epoch 13, 41 ms): hello 1.0.1 (aabbccdd)\n"));
        Assert.That(undeploy.Output, Is.EqualTo("✓ undeployed other (epoch 13, 41 ms)\n"));
        Assert.That((toEpoch.ExitCode, last.ExitCode), Is.EqualTo((0, 0)));
        Assert.That(gateway.Seen.Take(3).Select(seen => System.Text.Encoding.UTF8.GetString(seen.Body)),
            Is.EqualTo(new[] { """{"handler":"hello"}""", """{"epoch":7}""", "{}" }));
    }
}
