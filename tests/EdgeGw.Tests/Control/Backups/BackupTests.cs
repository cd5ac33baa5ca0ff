using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using EdgeGw.Control;
using EdgeGw.Control.Backups;

namespace EdgeGw.Tests.Control.Backups;

/// <summary>A backup of a running gateway, and what is made of it elsewhere.</summary>
internal sealed class BackupTests
{
    private const long Plenty = 1L << 30;

    [Test]
    public async Task What_is_written_while_the_gateway_runs_serves_elsewhere_as_it_did()
    {
        using var folder = new TestFolder();
        string epochs, keys, deployments;
        await using (var control = await RunningControl.StartAsync())
        {
            await control.DeployAsync(RunningControl.Handler("a", 1));
            await control.DeployAsync(RunningControl.Handler("b", 1));
            await PostAsync(control, "/api/v1/keys", """{"name":"ci","scopes":["deploy"]}""");
            await PutSecretAsync(control);
            var contents = Write(control.State, folder["a.tar.gz"]);
            (epochs, keys, deployments) = (await control.Http.GetStringAsync("/api/v1/epochs"), await control.Http.GetStringAsync("/api/v1/keys"), await control.Http.GetStringAsync("/api/v1/deployments"));
            Assert.That((contents.Epoch, contents.HasKeys), Is.EqualTo((2, false)));
            Assert.That(File.GetUnixFileMode(folder["a.tar.gz"]), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
            Assert.That(Directory.GetFileSystemEntries(folder.Root), Has.Length.EqualTo(1), "nothing is left beside it");
        }

        var done = Restore(folder["s"], folder["a.tar.gz"]);
        Assert.That((done.Replaced, done.HasSecretsKey), Is.EqualTo(((string?)null, false)));
        await using var again = await RunningControl.StartAsync(state: folder["s"]);
        using var scope = Assert.EnterMultipleScope();
        Assert.That(await again.Http.GetStringAsync("/api/v1/epochs"), Is.EqualTo(epochs));
        Assert.That(await again.Http.GetStringAsync("/api/v1/keys"), Is.EqualTo(keys));
        Assert.That(await again.Http.GetStringAsync("/api/v1/deployments"), Is.EqualTo(deployments));
        Assert.That((await again.StatusAsync()).GetProperty("handlers").EnumerateArray().Select(handler => handler.GetProperty("name").GetString()), Is.EqualTo(new[] { "a", "b" }));
        Assert.That(Directory.GetFiles(folder["s/artifacts"], "*.so", SearchOption.AllDirectories).Select(File.GetUnixFileMode), Is.All.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserExecute));
        Assert.That(File.GetUnixFileMode(folder["s"]), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute));
        Assert.That((await again.DeployAsync(RunningControl.Handler("c", 1))).Status, Is.EqualTo(201), "and it goes on");
    }

    [Test]
    public async Task Keys_are_in_it_by_wish_only_and_secrets_can_be_read_with_them()
    {
        using var folder = new TestFolder();
        await using (var control = await RunningControl.StartAsync(state: folder["s"]))
        {
            await PutSecretAsync(control);
            Write(folder["s"], folder["without.tar.gz"]);
            Assert.That(BackupWriter.Write(folder["s"], folder["with.tar.gz"], keys: true, default, "1").HasKeys, Is.True);
        }
        Assert.That(Restore(folder["a"], folder["without.tar.gz"]).HasSecretsKey, Is.False);
        Assert.That(Restore(folder["b"], folder["with.tar.gz"]).HasSecretsKey, Is.True);
        foreach (var key in BackupNames.Keys.Where(key => File.Exists(Path.Combine(folder["s"], key))))
        {
            Assert.That(File.Exists(Path.Combine(folder["a"], key)), Is.False, key);
            Assert.That(File.ReadAllText(Path.Combine(folder["b"], key)), Is.EqualTo(File.ReadAllText(Path.Combine(folder["s"], key))), key);
        }
    }

    [Test]
    public async Task A_gateway_that_runs_there_is_left_alone()
    {
        using var folder = new TestFolder();
        await using var control = await RunningControl.StartAsync(state: folder["s"]);
        await control.DeployAsync(RunningControl.Handler("a", 1));
        Write(folder["s"], folder["a.tar.gz"]);
        var epochs = control.Epochs();
        Assert.That(() => Restore(folder["s"], folder["a.tar.gz"], replace: true), Throws.TypeOf<ControlStartException>().With.Message.Contains("is in use by another edgegw"));
        Assert.That(control.Epochs(), Is.EqualTo(epochs));
        Assert.That(Directory.GetDirectories(folder.Root), Has.Length.EqualTo(1));
    }

    [Test]
    public async Task A_state_that_is_there_is_replaced_by_wish_only_and_kept_with_its_keys_and_data()
    {
        using var folder = new TestFolder();
        await using (var control = await RunningControl.StartAsync(state: folder["s"]))
        {
            await control.DeployAsync(RunningControl.Handler("a", 1));
            await PutSecretAsync(control);
            Write(folder["s"], folder["a.tar.gz"]);
            await control.DeployAsync(RunningControl.Handler("b", 1));
        }
        Directory.CreateDirectory(folder["s/data"]);
        await File.WriteAllTextAsync(folder["s/data/main.db"], "precious");
        var key = await File.ReadAllTextAsync(folder["s/secrets.key"]);
        Assert.That(() => Restore(folder["s"], folder["a.tar.gz"]), Throws.TypeOf<BackupException>().With.Message.Contains("is not empty").And.Message.Contains("--replace"));

        var done = Restore(folder["s"], folder["a.tar.gz"], replace: true);
        using var scope = Assert.EnterMultipleScope();
        Assert.That(Directory.GetFiles(folder["s/epochs"]), Has.Length.EqualTo(1));
        Assert.That(Directory.GetFiles(Path.Combine(done.Replaced!, "epochs")), Has.Length.EqualTo(2));
        Assert.That(await File.ReadAllTextAsync(folder["s/data/main.db"]), Is.EqualTo("precious"));
        Assert.That((done.HasSecretsKey, await File.ReadAllTextAsync(folder["s/secrets.key"])), Is.EqualTo((true, key)));
        Assert.That(Directory.GetDirectories(folder.Root).Select(Path.GetFileName), Is.EquivalentTo(new[] { "s", Path.GetFileName(done.Replaced) }));
    }

    [Test]
    public async Task Changes_under_way_make_no_half_backup()
    {
        using var folder = new TestFolder();
        await using var control = await RunningControl.StartAsync(settings => settings.Handlers.KeepEpochs = 2);
        await control.DeployAsync(RunningControl.Handler("a", 1));
        using var stop = new CancellationTokenSource();
        var changes = Task.Run(async () =>
        {
            for (var version = 2; !stop.IsCancellationRequested; version++)
            {
                await control.DeployAsync(RunningControl.Handler("a", version));
            }
        });
        for (var i = 0; i < 10; i++)
        {
            Write(control.State, folder[$"{i}.tar.gz"]);
        }
        await stop.CancelAsync();
        await changes;
        for (var i = 0; i < 10; i++)
        {
            Assert.That(Restore(folder[$"s{i}"], folder[$"{i}.tar.gz"]).Contents.Epoch, Is.GreaterThan(0));
        }
    }

    [Test]
    public void What_cannot_be_backed_up_is_a_sentence()
    {
        using var folder = new TestFolder();
        Assert.That(() => Write(folder.Root, folder["a.tar.gz"]), Throws.TypeOf<BackupException>().With.Message.EqualTo($"'{folder.Root}' is not a state directory of edgegw; say which with --state."));
        Directory.CreateDirectory(folder["epochs"]);
        Directory.CreateDirectory(folder["artifacts"]);
        File.WriteAllText(folder["a.tar.gz"], "mine");
        Assert.That(() => Write(folder.Root, folder["a.tar.gz"]), Throws.TypeOf<BackupException>().With.Message.Contains("is there already"));
        Assert.That(() => Write(folder.Root, folder["nowhere/a.tar.gz"]), Throws.TypeOf<BackupException>().With.Message.Contains("There is no folder"));
        Assert.That(File.ReadAllText(folder["a.tar.gz"]), Is.EqualTo("mine"));
    }

    private static BackupContents Write(string state, string file) => BackupWriter.Write(state, file, keys: false, DateTimeOffset.UnixEpoch, "1.0.0");

    private static RestoreOutcome Restore(string state, string file, bool replace = false)
    {
        using var from = File.OpenRead(file);
        return BackupRestore.Run(state, from, replace, Plenty);
    }

    private static async Task PutSecretAsync(RunningControl control)
    {
        using var put = await control.Http.PutAsync("/api/v1/secrets/password", new StringContent("""{"value":"hush"}""", Encoding.UTF8, "application/json"));
        Assert.That((int)put.StatusCode, Is.EqualTo(201));
    }

    private static async Task PostAsync(RunningControl control, string path, string json)
    {
        using var post = await control.Http.PostAsync(path, new StringContent(json, Encoding.UTF8, "application/json"));
        Assert.That(post.IsSuccessStatusCode, Is.True, (await post.Content.ReadFromJsonAsync<JsonElement>()).ToString());
    }
}
