namespace EdgeGw.EndToEnd.Tests;

/// <summary>Every sample loads, beside handlers in C, in one gateway.</summary>
public sealed class SampleTests
{
    [Test]
    public async Task All_samples_are_live_beside_handlers_in_C()
    {
        await using var gateway = await Gateway.StartAsync();
        var samples = Directory.GetFiles(Repository.Path("artifacts/samples"), "*.so", SearchOption.AllDirectories);
        Assert.That(samples, Is.Not.Empty);
        foreach (var library in samples.Append(Repository.Fixture("echo-c")))
        {
            await gateway.DeployAsync(library);
        }

        using var ready = await gateway.Control.GetAsync("/readyz");
        using var client = Http.Http11(gateway.Address);
        using var scope = Assert.EnterMultipleScope();
        Assert.That(ready.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(await client.GetStringAsync("/c/hello"), Does.Contain("Hello, world"));
        Assert.That(await client.GetStringAsync("/hello/Ada"), Does.Contain("Hello, Ada"));
    }

    [Test]
    public async Task Every_curl_line_that_the_build_prints_succeeds()
    {
        await using var gateway = await Gateway.StartAsync();
        foreach (var migrations in Directory.GetDirectories(Repository.Path("handler-sdk/samples"), "migrations", SearchOption.AllDirectories))
        {
            var migrated = await gateway.Cli.RunAsync("service", "migrate", "database:main", migrations);
            Assert.That(migrated.ExitCode, Is.Zero, migrated.ToString());
        }
        foreach (var library in Directory.GetFiles(Repository.Path("artifacts/samples"), "*.so", SearchOption.AllDirectories))
        {
            await gateway.DeployAsync(library);
        }
        var lines = new[] { "handler-sdk/samples", "native-abi/examples" }
            .SelectMany(folder => Directory.GetFiles(Repository.Path(folder), "try.txt", SearchOption.AllDirectories))
            .SelectMany(File.ReadAllLines).ToList();
        Assert.That(lines, Has.Count.GreaterThan(10));
        foreach (var line in lines)
        {
            var command = line.Replace("{gateway}", gateway.Address.ToString().TrimEnd('/'), StringComparison.Ordinal).Replace("curl ", "curl --fail --silent --show-error ", StringComparison.Ordinal);
            var result = await Command.RunAsync("bash", ["-c", command]);
            Assert.That(result.ExitCode, Is.Zero, $"{line}: {result.Error}");
        }
    }

    [Test]
    public async Task A_library_built_against_the_shortest_old_header_works()
    {
        await using var gateway = await Gateway.StartAsync();
        using var client = Http.Http11(gateway.Address);
        await gateway.DeployAsync(Repository.Fixture("old"));
        Assert.That(await client.GetStringAsync("/old"), Is.EqualTo("old but alive\n"));
        await gateway.DeployAsync(Repository.Fixture("ok1"));
        Assert.That((await gateway.Cli.RunAsync("undeploy", "old")).ExitCode, Is.Zero, "draining calls a function that the table does not have");
        Assert.That((await gateway.WorkerAsync()).GetProperty("restarts").GetInt32(), Is.Zero);
    }
}
