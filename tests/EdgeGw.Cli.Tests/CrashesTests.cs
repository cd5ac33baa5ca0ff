namespace EdgeGw.Cli.Tests;

/// <summary><c>edgegw crashes</c>, and what else shows a quarantine.</summary>
public class CrashesTests
{
    private const string List = """
        { "crashes": [
          { "id": 3, "time": "2026-01-01T11:59:30Z", "cause": "signal 11.", "handler": "shop", "version": "2.0.0", "suspects": ["shop 2.0.0"], "requests": 4, "action": "shop 2.0.0 is quarantined." },
          { "id": 2, "time": "2026-01-01T11:59:00Z", "cause": "exit code 3.", "handler": null, "version": null, "suspects": ["shop 2.0.0", "cart 1.0.0"], "requests": 2, "action": null },
          { "id": 1, "time": "2026-01-01T11:58:00Z", "cause": "signal 9.", "handler": null, "version": null, "suspects": [], "requests": 0, "action": null } ] }
        """;

    private const string Report = """
        { "id": 3, "time": "2026-01-01T11:59:30.125Z", "worker": 7, "pid": 4711, "uptimeMs": 1500, "epoch": 12, "signal": 6, "exitCode": null, "cause": "signal 6.",
          "blamed": { "handler": "shop", "version": "2.0.0", "sha256": "aabbccddeeff00112233", "evidence": "thread", "phases": ["handle"], "calls": 1, "requests": 1 },
          "suspects": [ { "handler": "shop", "version": "2.0.0", "sha256": "aabbccddeeff00112233", "evidence": "thread", "phases": ["handle"], "calls": 1, "requests": 1 } ],
          "requests": [ { "id": "abc", "handler": "shop", "version": "2.0.0" } ], "requestsLeftOut": 2, "nativeStack": ["shop 2.0.0 +0x10"], "nativeStackNote": "found",
          "managedStack": [], "standardError": "one\u001b[2J\ntwo\n", "action": null }
        """;

    [Test]
    public async Task The_list_says_who_is_blamed_or_suspected()
    {
        await using var gateway = await ScriptedGateway.StartAsync();
        var result = await gateway.On("GET /api/v1/crashes", List).Cli().RunAsync("crashes");
        Assert.That(result.Output, Is.EqualTo("""
            CRASH  WHEN       BLAMED                         REQUESTS LOST  CAUSE         DONE
                3  30 s ago   shop 2.0.0                                 4  signal 11.    shop 2.0.0 is quarantined.
                2  1 min ago  one of shop 2.0.0, cart 1.0.0              2  exit code 3.  -
                1  2 min ago  nobody                                     0  signal 9.     -

            """));
    }

    [Test]
    public async Task A_number_shows_all_of_one_report()
    {
        await using var gateway = await ScriptedGateway.StartAsync();
        var result = await gateway.On("GET /api/v1/crashes/3", Report).Cli().RunAsync("crashes", "3");
        Assert.That(result.Output, Is.EqualTo("""
            Crash 3, 2026-01-01 11:59:30.125 UTC
              worker   7 (process 4711), up 1.5 s, epoch 12
              cause    signal 6.
              blamed   shop 2.0.0 (aabbccddeeff)
              done     nothing

            SUSPECT  VERSION  EVIDENCE  CALLS  INSIDE  REQUESTS  SHA-256
            shop     2.0.0    thread        1  handle         1  aabbccddeeff

            Requests lost (3)
              abc  shop 2.0.0

            Native stack
              found
              shop 2.0.0 +0x10

            Standard error
              one\u001b[2J
              two

            """));
    }

    [Test]
    public async Task Status_and_routes_show_what_is_quarantined()
    {
        await using var gateway = await ScriptedGateway.StartAsync();
        gateway.On("GET /api/v1/status", Answers.Status.Replace("\"versions\"", """
            "quarantine": [ { "handler": "shop", "version": "2", "sha256": "aa", "reason": "shop 2 is quarantined: it fell.", "crash": 3, "since": "2026-01-01T11:59:30Z" } ], "versions"
            """, StringComparison.Ordinal));
        gateway.On("GET /api/v1/routes", Answers.Routes.Replace("\"concurrency\": 8", "\"concurrency\": 8, \"state\": \"quarantined\"", StringComparison.Ordinal));
        Assert.That((await gateway.Cli().RunAsync("status")).Output, Does.Contain("\nquarantined: shop 2 is quarantined: it fell. 'edgegw crashes 3' shows the report.\n"));
        Assert.That((await gateway.Cli().RunAsync("routes")).Output, Does.Contain("CONCURRENCY  STATE\n").And.Match(" 512 +live\n").And.Match(" 8 +quarantined\n"));
    }
}
