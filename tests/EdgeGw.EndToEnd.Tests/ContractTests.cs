namespace EdgeGw.EndToEnd.Tests;

/// <summary>A deploy over another may not let down who calls it, unless it is meant to.</summary>
public sealed class ContractTests
{
    [Test]
    public async Task Additions_and_wider_routes_are_fine_and_shown()
    {
        await using var gateway = await Gateway.StartAsync();
        await gateway.DeployAsync(Repository.Fixture("CONTRACT_1"));

        var added = await gateway.Cli.RunAsync("deploy", Repository.Fixture("CONTRACT_2"));
        await gateway.DeployAsync(Repository.Fixture("CONTRACT_1"), "--force");
        var wider = await gateway.Cli.RunAsync("deploy", Repository.Fixture("CONTRACT_6"));

        using var scope = Assert.EnterMultipleScope();
        Assert.That(added.ExitCode, Is.Zero, added.ToString());
        Assert.That(added.Output, Does.Contain("  + DELETE /orders/{id:int}\n"));
        Assert.That(wider.ExitCode, Is.Zero, wider.ToString());
        Assert.That(wider.Output, Does.Contain("  ~ GET /orders/{id:int} is answered by GET /orders/{name} now\n"));
    }

    [TestCase("CONTRACT_3", "POST /orders is removed.")]
    [TestCase("CONTRACT_4", "GET /orders/{id:int} has the deadline lowered from 5000 ms to 1000 ms.")]
    [TestCase("CONTRACT_5", "cache:default is needed now and was not before.")]
    public async Task A_breaking_change_is_refused_unless_it_is_forced(string fixture, string reason)
    {
        await using var gateway = await Gateway.StartAsync();
        using var client = Http.Http11(gateway.Address);
        await gateway.DeployAsync(Repository.Fixture("CONTRACT_1"));

        using var content = new ByteArrayContent(await File.ReadAllBytesAsync(Repository.Fixture(fixture))) { Headers = { ContentType = new("application/octet-stream") } };
        using var refused = await gateway.Control.PostAsync("/api/v1/deployments", content);
        var dry = await gateway.Cli.RunAsync("deploy", Repository.Fixture(fixture), "--dry-run", "--force");
        var unchanged = await client.GetStringAsync("/orders/1");
        var forced = await gateway.Cli.RunAsync("deploy", Repository.Fixture(fixture), "--force");
        var changed = await client.GetStringAsync("/orders/1");
        var back = await gateway.Cli.RunAsync("rollback", "contract");

        using var scope = Assert.EnterMultipleScope();
        Assert.That(refused.StatusCode, Is.EqualTo(HttpStatusCode.Conflict));
        Assert.That(JsonDocument.Parse(await refused.Content.ReadAsStringAsync()).RootElement.GetProperty("reasons").EnumerateArray().Select(r => r.GetString()), Is.EqualTo((string[])[reason]));
        Assert.That(dry.Output, Does.Contain("(breaking)").And.Contain("nothing was changed"), dry.ToString());
        Assert.That(unchanged, Is.EqualTo("version 1 route 0\n"));
        Assert.That(forced.ExitCode, Is.Zero, forced.ToString());
        Assert.That(changed, Is.EqualTo($"version {fixture[^1]} route 0\n"));
        Assert.That(back.ExitCode, Is.Zero, "a rollback is not gated: " + back);
        Assert.That(await client.GetStringAsync("/orders/1"), Is.EqualTo("version 1 route 0\n"));
    }
}
