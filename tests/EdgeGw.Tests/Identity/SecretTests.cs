using System.Text;
using System.Text.Json;
using EdgeGw.Tests.Control;

namespace EdgeGw.Tests.Identity;

/// <summary>Secrets go in and reach the worker; nothing else ever has them.</summary>
public sealed class SecretTests
{
    private const string Planted = "pl4nted-s3cret";
    private const string Service = """{"provider":"postgres","settings":{"host":"db","database":"d","user":"u","password":"secret:db-pw"}}""";

    [Test]
    public async Task A_secret_reaches_the_worker_and_no_file_no_answer_and_no_log()
    {
        using var folder = new TestFolder();
        var said = new StringBuilder();
        await using (var control = await RunningControl.StartAsync(state: folder["s"]))
        {
            var (status, body) = await PutAsync(control, "db-pw", Planted);
            Assert.That((status, body.GetProperty("revision").GetInt64()), Is.EqualTo((201, 1)));
            said.Append(body);
            Assert.That((await control.ServiceAsync("POST", "/test", """{"kind":"database","name":"main",""" + Service[1..])).Status, Is.EqualTo(200));
            Assert.That(Told(control, "told-secrets"), Is.EqualTo($$"""{"db-pw":"{{Planted}}"}"""), "before the trial");
            File.Delete(control.Script("told-secrets"));
            Assert.That((await control.ServiceAsync("PUT", "/database/main", Service)).Status, Is.EqualTo(201));
            Assert.That(Told(control, "told-secrets"), Is.EqualTo($$"""{"db-pw":"{{Planted}}"}"""), "before the epoch");
            foreach (var path in (string[])["secrets", "services", "epochs", "status", "audit", "logs?tail=10000"])
            {
                said.Append(await control.Http.GetStringAsync("/api/v1/" + path));
            }
            said.Append(control.LogText());
            Assert.That(await control.Http.GetStringAsync("/api/v1/secrets"), Does.Contain("\"usedBy\":[\"database:main\"]"));
        }
        await using (var control = await RunningControl.StartAsync(state: folder["s"]))
        {
            Assert.That(Told(control, "started-with-secrets"), Is.EqualTo($$"""{"db-pw":"{{Planted}}"}"""), "a worker that starts with the epoch");
            var worker = await control.WorkerPidAsync();
            said.Append(await File.ReadAllTextAsync($"/proc/{worker}/cmdline")).Append(await File.ReadAllTextAsync($"/proc/{worker}/environ")).Append(control.LogText());
        }
        Directory.Delete(Path.Combine(folder["s"], "script"), recursive: true); // what the scripted worker was told
        foreach (var file in Directory.EnumerateFiles(folder["s"], "*", SearchOption.AllDirectories).Where(file => Path.GetFileName(file) != "lock"))
        {
            said.Append(await File.ReadAllTextAsync(file, Encoding.Latin1));
        }
        Assert.That(said.ToString(), Does.Contain("secret:db-pw").And.Not.Contain(Planted).And.Not.Contain(Convert.ToBase64String(Encoding.UTF8.GetBytes(Planted))));
        Assert.That(File.GetUnixFileMode(Path.Combine(folder["s"], "secrets.key")), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
    }

    [Test]
    public async Task Secrets_that_no_service_names_are_told_to_nobody_and_without_any_nothing_is_told()
    {
        await using var control = await RunningControl.StartAsync();
        await control.ServiceAsync("PUT", "/cache/x", """{"provider":"memory"}""");
        await PutAsync(control, "unused", Planted);
        await control.ServiceAsync("PUT", "/database/main", Service.Replace("secret:db-pw", "env:PW", StringComparison.Ordinal));
        Assert.That(File.Exists(control.Script("told-secrets")), Is.False);
        await PutAsync(control, "db-pw", "x");
        await control.ServiceAsync("PUT", "/database/main", Service);
        Assert.That(Told(control, "told-secrets"), Is.EqualTo("""{"db-pw":"x"}"""));
    }

    [Test]
    public async Task One_that_is_used_is_not_deleted_unless_that_is_meant()
    {
        await using var control = await RunningControl.StartAsync();
        await PutAsync(control, "db-pw", Planted);
        Assert.That((await PutAsync(control, "db-pw", "another")).Status, Is.EqualTo(200), "a new value");
        await control.ServiceAsync("PUT", "/database/main", Service);
        var (status, body) = await SendAsync(control, "DELETE", "db-pw");
        Assert.That((status, body.GetProperty("title").GetString()), Is.EqualTo((409, "The secret 'db-pw' is used by database:main; change those first, or delete it all the same with --force (force=true).")));
        Assert.That((await SendAsync(control, "DELETE", "db-pw?force=true")).Status, Is.EqualTo(204));
        Assert.That((await SendAsync(control, "DELETE", "db-pw")).Status, Is.EqualTo(404));
    }

    [Test]
    public async Task One_that_was_moved_in_the_database_or_has_lost_its_key_is_not_told()
    {
        using var folder = new TestFolder();
        await using (var control = await RunningControl.StartAsync(state: folder["s"]))
        {
            await PutAsync(control, "db-pw", Planted);
            await PutAsync(control, "other", "another");
        }
        using (var database = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={Path.Combine(folder["s"], "control.db")};Pooling=False"))
        {
            database.Open();
            using var swap = database.CreateCommand();
            swap.CommandText = "UPDATE secret SET value = (SELECT value FROM secret WHERE name = 'other') WHERE name = 'db-pw'";
            swap.ExecuteNonQuery();
        }
        const string test = """{"kind":"database","name":"main",""";
        await using (var control = await RunningControl.StartAsync(state: folder["s"]))
        {
            var (status, body) = await control.ServiceAsync("POST", "/test", test + Service[1..]);
            Assert.That((status, body.GetProperty("title").GetString()), Is.EqualTo((500, "The secret 'db-pw' was encrypted with another key, or has been changed in the database: put its key back, or set it again with 'edgegw secrets set db-pw'.")));
            File.Delete(Path.Combine(folder["s"], "secrets.key"));
            Assert.That((await control.ServiceAsync("POST", "/test", test + Service[1..].Replace("db-pw", "other", StringComparison.Ordinal))).Body.GetProperty("title").GetString(), Does.Contain("is gone"));
            await PutAsync(control, "db-pw", Planted);
            Assert.That((await control.ServiceAsync("POST", "/test", test + Service[1..])).Status, Is.EqualTo(200), "with a new key and a new value");
        }
    }

    [Test]
    public async Task What_is_no_secret_is_refused()
    {
        await using var control = await RunningControl.StartAsync();
        foreach (var (name, value, expected) in new[] { ("a b", "x", 422), ("-", "x", 422), ("a", "", 422), ("a", "x\0y", 422), ("a", null, 422), ("a", new string('a', 400_000), 413) })
        {
            Assert.That((await PutAsync(control, name, value)).Status, Is.EqualTo(expected), name);
        }
        Assert.That((await PutAsync(control, "large", new string('\u00e4', 32_768))).Status, Is.EqualTo(201));
        Assert.That((await PutAsync(control, "large", new string('\u00e4', 32_769))).Status, Is.EqualTo(422));
    }

    private static string Told(RunningControl control, string file) => File.ReadAllText(control.Script(file));

    private static Task<(int Status, JsonElement Body)> PutAsync(RunningControl control, string name, string? value) => SendAsync(control, "PUT", Uri.EscapeDataString(name), JsonSerializer.Serialize(new { value }));

    private static async Task<(int Status, JsonElement Body)> SendAsync(RunningControl control, string method, string name, string json = "")
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), "/api/v1/secrets/" + name) { Content = json.Length == 0 ? null : new StringContent(json, Encoding.UTF8, "application/json") };
        using var answer = await control.Http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        return ((int)answer.StatusCode, text.Length == 0 ? default : JsonDocument.Parse(text).RootElement);
    }
}
