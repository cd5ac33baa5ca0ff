using System.Net.Http.Json;

namespace EdgeGw.EndToEnd.Tests;

/// <summary>Who may do what, on the published program: from the console's token to another machine's command line.</summary>
public sealed class IdentityTests
{
    [Test]
    public async Task From_the_token_on_the_console_to_a_key_that_another_machine_deploys_with()
    {
        await using var gateway = await Gateway.StartAsync();
        var admin = (await gateway.StatusAsync()).GetProperty("admin").GetString()!;
        var token = (await gateway.Output.WaitForAsync("one-time token: ")).Trim().Split(' ')[^1];
        using var browser = new HttpClient { BaseAddress = new Uri(admin) };
        using var setUp = await browser.PostAsJsonAsync("/api/v1/setup", new { token, user = "ada", password = "correct horse" });
        var session = await setUp.Content.ReadFromJsonAsync<JsonElement>();
        Assert.That(setUp.StatusCode, Is.EqualTo(HttpStatusCode.Created), session.ToString());
        using var logIn = await browser.PostAsJsonAsync("/api/v1/session", new { user = "ada", password = "correct horse" });
        Assert.That(logIn.StatusCode, Is.EqualTo(HttpStatusCode.OK));

        var made = await gateway.Cli.RunAsync("keys", "add", "ci", "--scope", "deploy", "--scope", "services", "--days", "1");
        Assert.That(made.Output, Does.Match("^egw_[0-9a-f]{12}_[A-Za-z0-9_-]{43}\n$"), made.ToString());
        var all = (await gateway.Cli.RunAsync("keys", "add", "all", "--scope", "admin")).Output.Trim();

        using var home = new TemporaryFolder();
        Task<CommandResult> There(string input, params string[] arguments) => Command.RunAsync(Repository.GatewayBinary, arguments, environment: new Dictionary<string, string?>
        {
            ["XDG_CONFIG_HOME"] = home.Root,
            ["EDGEGW_STATE"] = null,
            ["EDGEGW_SERVER"] = null,
            ["EDGEGW_TOKEN"] = null,
            ["NO_COLOR"] = "1",
        }, input: input);
        Assert.That((await There(made.Output, "login", "--server", admin)).ExitCode, Is.Zero);
        Assert.That((await There(all, "login", "--server", admin, "--profile", "all")).ExitCode, Is.Zero);

        var library = Repository.Fixture("cache");
        using var client = Http.Http11(gateway.Address);
        var deployed = await There("", "deploy", library);
        Assert.That(deployed.ExitCode, Is.Zero, deployed.ToString());
        using (var put = await client.PutAsync("/cache/color?blue", null))
        {
            Assert.That(put.IsSuccessStatusCode, Is.True);
        }
        foreach (var command in (string[])[
            "status", "routes", "history", "logs", "crashes", "top --once", "service list", "service show cache:default", "service test cache:default", "service disable http:default", "service enable http:default",
            "secrets list", "undeploy cache", "rollback", "reload --profile all", "users list --profile all", "keys list --profile all", "audit --profile all"])
        {
            var result = await There("", command.Split(' '));
            Assert.That(result.ExitCode, Is.Zero, $"{command}: {result}");
        }
        foreach (var command in (string[])["reload", "users list", "keys list", "audit"])
        {
            var result = await There("", command.Split(' '));
            Assert.That((result.ExitCode, result.Error.Contains("needs the scope admin", StringComparison.Ordinal)), Is.EqualTo((1, true)), $"{command}: {result}");
        }
        var audit = await There("", "audit", "--profile", "all");
        Assert.That(audit.Output, Does.Contain("key ci (").And.Contain("deploy cache").And.Contain("ada"));
    }

    [Test]
    public async Task A_secret_is_set_over_standard_input_and_what_services_name_of_it_holds_now_and_after_a_reload()
    {
        await using var gateway = await Gateway.StartAsync();
        using var client = Http.Http11(gateway.Address);
        await gateway.DeployAsync(Repository.Fixture("cache"));
        await SetAsync(gateway, "4\n");
        var missing = await gateway.Cli.RunAsync("service", "add", "cache:default", "--provider", "memory", "--set", "maxEntryBytes=secret:none");
        Assert.That((missing.ExitCode, missing.Error.Contains("there is no secret 'none'; add it with 'edgegw secrets set none'", StringComparison.Ordinal)), Is.EqualTo((1, true)), missing.ToString());
        await gateway.AddServiceAsync("cache:default", "memory", "maxEntryBytes=secret:size");
        Assert.That((await PutAsync(client, "blue"), await PutAsync(client, "green")), Is.EqualTo((true, false)));

        await SetAsync(gateway, "5");
        Assert.That(await PutAsync(client, "green"), Is.False, "the service has the value that it was started with");
        Assert.That((await gateway.Cli.RunAsync("reload")).ExitCode, Is.Zero);
        using var after = Http.Http11(gateway.Address); // an open connection has one more answer of the worker before
        Assert.That((await PutAsync(after, "green"), await PutAsync(after, "yellow")), Is.EqualTo((true, false)));
    }

    private static async Task SetAsync(Gateway gateway, string value)
    {
        var set = await Command.RunAsync(Repository.GatewayBinary, ["secrets", "set", "size", "--state", gateway.State], input: value);
        Assert.That(set.ExitCode, Is.Zero, set.ToString());
    }

    private static async Task<bool> PutAsync(HttpClient client, string color)
    {
        using var answer = await client.PutAsync("/cache/color?" + color, null);
        return answer.IsSuccessStatusCode;
    }
}
