namespace EdgeGw.EndToEnd.Tests;

/// <summary>The first five minutes: new, deploy, curl, edit, deploy, rollback.</summary>
[NonParallelizable]
public sealed class NewcomerTests
{
    private static readonly TimeSpan PublishPatience = TimeSpan.FromMinutes(10);

    [Test]
    public async Task A_new_handler_is_deployed_edited_and_rolled_back()
    {
        await using var gateway = await Gateway.StartAsync();
        using var folder = new TemporaryFolder();
        using var client = Http.Http11(gateway.Address);
        await RunAsync("new", "hello");
        await RunAsync("deploy", "hello");
        Assert.That(await client.GetStringAsync("/hello/Ada"), Does.Contain("Hello, Ada"));

        var source = Directory.GetFiles(folder["hello"], "*.cs").First(file => File.ReadAllText(file).Contains("Hello, ", StringComparison.Ordinal));
        await File.WriteAllTextAsync(source, (await File.ReadAllTextAsync(source)).Replace("Hello, ", "Good morning, ", StringComparison.Ordinal));
        await RunAsync("deploy", "hello");
        Assert.That(await client.GetStringAsync("/hello/Ada"), Does.Contain("Good morning, Ada"));

        await RunAsync("rollback", "hello");
        Assert.That(await client.GetStringAsync("/hello/Ada"), Does.Contain("Hello, Ada"));

        async Task RunAsync(params string[] arguments)
        {
            var result = await gateway.Cli.RunAsync(arguments, folder.Root, PublishPatience);
            Assert.That(result.ExitCode, Is.Zero, $"{string.Join(' ', arguments)}: {result}");
        }
    }
}
