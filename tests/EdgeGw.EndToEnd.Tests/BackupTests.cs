namespace EdgeGw.EndToEnd.Tests;

/// <summary>A backup of a gateway at work, and a gateway made of it elsewhere.</summary>
public sealed class BackupTests
{
    [Test]
    public async Task What_is_backed_up_under_load_answers_elsewhere_as_it_did()
    {
        using var folder = new TemporaryFolder();
        string[] before;
        await using (var gateway = await Gateway.StartAsync())
        {
            await gateway.DeployAsync(Repository.Fixture("ok1"));
            await gateway.DeployAsync(Repository.Fixture("echo-c"));
            Assert.That((await gateway.Cli.RunAsync("keys", "add", "ci", "--scope", "deploy")).ExitCode, Is.Zero);
            using var client = Http.Http11(gateway.Address);
            using var stop = new CancellationTokenSource();
            var load = Task.Run(async () =>
            {
                while (!stop.IsCancellationRequested)
                {
                    await client.GetStringAsync("/ok");
                }
            });
            var backup = await gateway.Cli.RunAsync("backup", folder["a.tar.gz"]);
            await stop.CancelAsync();
            await load;
            Assert.That(backup.ExitCode, Is.Zero, backup.ToString());
            before = await AnswersAsync(gateway);

            var own = await gateway.Cli.RunAsync("restore", folder["a.tar.gz"], "--replace");
            Assert.That((own.ExitCode, own.Error), Is.EqualTo((1, $"edgegw: The state directory '{gateway.State}' is in use by another edgegw (process {gateway.ControlPid}); stop that one, or choose another directory with --state.\n")));
        }

        var restored = await new GatewayCli(folder["s"]).RunAsync("restore", folder["a.tar.gz"]);
        Assert.That((restored.ExitCode, restored.Error), Is.EqualTo((0, "")));
        await using var again = await Gateway.StartAsync(new() { State = folder["s"] });
        Assert.That(await AnswersAsync(again), Is.EqualTo(before));
    }

    private static async Task<string[]> AnswersAsync(Gateway gateway)
    {
        using var client = Http.Http11(gateway.Address);
        return
        [
            await client.GetStringAsync("/ok"), await gateway.Control.GetStringAsync("/api/v1/epochs"), await gateway.Control.GetStringAsync("/api/v1/routes"),
            await gateway.Control.GetStringAsync("/api/v1/keys"), await gateway.Control.GetStringAsync("/api/v1/deployments"),
        ];
    }
}
