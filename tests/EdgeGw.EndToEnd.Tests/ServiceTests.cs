namespace EdgeGw.EndToEnd.Tests;

/// <summary>Services are configured, bound, changed and taken back while a handler uses them.</summary>
public sealed class ServiceTests
{
    [Test]
    public async Task A_handler_gets_the_service_that_its_deploy_binds_and_a_rollback_gives_it_the_one_before()
    {
        await using var gateway = await Gateway.StartAsync();
        using var client = Http.Http11(gateway.Address);
        await gateway.DeployAsync(Repository.Fixture("cache"));
        await PutAsync(client, "blue");

        var refused = await gateway.Cli.RunAsync("deploy", Repository.Fixture("cache"), "--service", "cache:default=cache:other");
        Assert.That((refused.ExitCode, refused.Error), Is.EqualTo((1,
            "edgegw: cache: it needs the service cache:default, bound to cache:other, which this gateway does not have: add it with 'edgegw service add cache:other --provider memory|redis',"
            + " or bind one that is there (cache:default) with '--service cache:default=cache:NAME'.\n")));

        await DoneAsync(gateway, "service", "add", "cache:other", "--provider", "memory");
        await DoneAsync(gateway, "deploy", Repository.Fixture("cache"), "--service", "cache:default=cache:other");
        Assert.That(await ColorAsync(client), Is.EqualTo(HttpStatusCode.NotFound), "another cache");
        await PutAsync(client, "red");

        await DoneAsync(gateway, "rollback", "cache");
        Assert.That(await client.GetStringAsync("/cache/color"), Is.EqualTo("blue"));
    }

    [Test]
    public async Task A_service_in_use_is_changed_but_not_taken_away()
    {
        await using var gateway = await Gateway.StartAsync();
        using var client = Http.Http11(gateway.Address);
        await gateway.DeployAsync(Repository.Fixture("cache"));
        await DoneAsync(gateway, "service", "add", "cache:default", "--provider", "memory", "--set", "maxEntryBytes=4");
        await PutAsync(client, "blue");
        Assert.That(await client.GetStringAsync("/cache/color"), Is.EqualTo("blue"));

        foreach (var verb in (string[])["remove", "disable"])
        {
            var refused = await gateway.Cli.RunAsync("service", verb, "cache:default");
            Assert.That(refused.ExitCode, Is.EqualTo(1));
            Assert.That(refused.Error, Does.StartWith("edgegw: cache:default is in use by cache: "));
        }
        await DoneAsync(gateway, "service", "disable", "cache:default", "--force");
        Assert.That(await ColorAsync(client), Is.Not.EqualTo(HttpStatusCode.OK));
        await DoneAsync(gateway, "rollback");
        await PutAsync(client, "red");
        Assert.That(await client.GetStringAsync("/cache/color"), Is.EqualTo("red"));
    }

    private static async Task DoneAsync(Gateway gateway, params string[] arguments)
    {
        var result = await gateway.Cli.RunAsync(arguments);
        Assert.That(result.ExitCode, Is.Zero, result.ToString());
    }

    private static async Task PutAsync(HttpClient client, string color)
    {
        using var answer = await client.PutAsync("/cache/color?" + color, null);
        Assert.That(answer.IsSuccessStatusCode, Is.True, await answer.Content.ReadAsStringAsync());
    }

    private static async Task<HttpStatusCode> ColorAsync(HttpClient client)
    {
        using var answer = await client.GetAsync("/cache/color");
        return answer.StatusCode;
    }
}
