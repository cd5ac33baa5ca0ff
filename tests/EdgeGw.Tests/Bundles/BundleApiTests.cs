using System.Net.Http.Headers;
using System.Text.Json;
using EdgeGw.Tests.Control;

namespace EdgeGw.Tests.Bundles;

/// <summary>A bundle is applied as one epoch or not at all, and an export makes the same again.</summary>
public sealed class BundleApiTests
{
    private const string Shop = """
        bundle: 1
        name: shop
        services:
          cache:shop: {provider: memory, settings: {maxBytes: 65536, maxEntryBytes: 1000}}
        handlers:
          a: {library: a.so, limits: {deadlineMs: 100}}
          b: {library: b.so, prefix: /v1, settings: {z: '1', a: "$${x}"}, services: {cache:default: cache:shop}}
        """;

    private static byte[] Bundle(string yaml = Shop, int version = 1, string? pattern = null) =>
        BundleSamples.Zip(("bundle.yaml", yaml), ("a.so", BundleSamples.Library("a", version, pattern)), ("b.so", BundleSamples.Library("b", 1, null, "cache:default")));

    [Test]
    public async Task A_bundle_is_one_epoch_and_again_it_is_none()
    {
        await using var control = await RunningControl.StartAsync();

        var (status, body) = await ApplyAsync(control, Bundle());
        var (again, same) = await ApplyAsync(control, Bundle());

        using var scope = Assert.EnterMultipleScope();
        Assert.That((status, body.GetProperty("epoch").GetInt64()), Is.EqualTo((201, 1)));
        Assert.That(Diff(body), Is.EqualTo("added handler a, added handler b, added service cache:shop"));
        Assert.That(body.GetProperty("reason").GetString(), Is.EqualTo("apply shop: deploy a 1.0.0, b 1.0.0; configure cache:shop"));
        Assert.That(await control.TrafficAsync(), Is.EqualTo("worker 1 epoch 1"));
        Assert.That((again, same.GetProperty("changed").GetBoolean()), Is.EqualTo((200, false)));
        Assert.That(Diff(same), Is.EqualTo("unchanged handler a, unchanged handler b, unchanged service cache:shop"));
        Assert.That(control.Epochs(), Has.Length.EqualTo(1));
    }

    [Test]
    public async Task A_dry_run_says_what_would_be_and_keeps_nothing()
    {
        await using var control = await RunningControl.StartAsync();
        await ApplyAsync(control, Bundle());
        var (epochs, artifacts) = (control.Epochs(), control.Artifacts());

        var (status, body) = await ApplyAsync(control, Bundle(Shop.Replace("deadlineMs: 100", "deadlineMs: 50", StringComparison.Ordinal), 2), "?dryRun=true");

        using var scope = Assert.EnterMultipleScope();
        Assert.That(status, Is.EqualTo(200));
        Assert.That(Diff(body), Is.EqualTo("changed handler a, unchanged handler b, unchanged service cache:shop"));
        Assert.That(body.GetProperty("diff")[0].GetProperty("details").EnumerateArray().Select(detail => detail.GetString()), Is.EqualTo((string[])
            ["version 1.0.0 → 2.0.0", "deadlineMs 100 → 50", "GET /a has the deadline lowered from 100 ms to 50 ms (breaking)"]));
        Assert.That(body.GetProperty("refusals").GetArrayLength(), Is.EqualTo(1));
        Assert.That((control.Epochs(), control.Artifacts()), Is.EqualTo((epochs, artifacts)));
    }

    [Test]
    public async Task What_lets_callers_down_has_to_be_meant()
    {
        await using var control = await RunningControl.StartAsync();
        await ApplyAsync(control, Bundle());
        var breaking = Bundle(version: 2, pattern: "/other");

        var (refused, problem) = await ApplyAsync(control, breaking);
        var (forced, body) = await ApplyAsync(control, breaking, "?force=true");

        Assert.That((refused, problem.GetProperty("reasons")[0].GetString()), Is.EqualTo((409, "handler a: GET /a is removed (breaking).")));
        Assert.That((forced, body.GetProperty("epoch").GetInt64()), Is.EqualTo((201, 2)));
    }

    [Test]
    public async Task Nothing_is_applied_when_one_library_is_bad_and_every_reason_is_given()
    {
        await using var control = await RunningControl.StartAsync();
        var bad = BundleSamples.Zip(
            ("bundle.yaml", "bundle: 1\nhandlers:\n  a: {library: a.so}\n  b: {library: b.so}\n  c: {library: c.so, prefix: v1}\n  d: {}"), ("a.so", BundleSamples.Library("a", 1)),
            ("b.so", await RunningControl.Library("error the tea kettle is empty").ReadAsByteArrayAsync()), ("c.so", BundleSamples.Library("c", 1)));

        var (status, body) = await ApplyAsync(control, bad);

        using var scope = Assert.EnterMultipleScope();
        Assert.That(status, Is.EqualTo(422));
        var reasons = body.GetProperty("reasons").EnumerateArray().Select(reason => reason.GetString()!).ToList();
        Assert.That(reasons, Has.Count.GreaterThanOrEqualTo(3));
        Assert.That(reasons[0], Does.StartWith("b: ").And.Contain("the tea kettle is empty"));
        Assert.That(reasons[1], Is.EqualTo("d: no library is given, and none is deployed under that name."));
        Assert.That(reasons[2], Does.StartWith("c: the prefix 'v1' must begin with '/'"));
        Assert.That((control.Epochs().Length, control.Artifacts().Length), Is.EqualTo((0, 0)));
        Assert.That(Directory.GetFiles(Path.Combine(control.State, "run"), "bundle-*"), Is.Empty);
    }

    [Test]
    public async Task An_epoch_that_the_worker_refuses_leaves_all_of_it_as_it_was()
    {
        await using var control = await RunningControl.StartAsync();
        await File.WriteAllTextAsync(control.Script("refuse-put"), "the worker does not like it");
        var (status, _) = await ApplyAsync(control, Bundle());
        Assert.That((status, control.Epochs().Length, control.Artifacts().Length), Is.EqualTo((422, 0, 0)));
    }

    [Test]
    public async Task Pruning_takes_away_what_the_bundle_does_not_name()
    {
        await using var control = await RunningControl.StartAsync();
        await control.DeployAsync(RunningControl.Handler("old", 1));
        await ApplyAsync(control, Bundle());
        Assert.That((await control.StatusAsync()).GetProperty("handlers").GetArrayLength(), Is.EqualTo(3), "what is not named stays");

        var (_, body) = await ApplyAsync(control, Bundle(), "?prune=true");

        Assert.That(Diff(body), Does.Contain("removed handler old"));
        Assert.That((await control.StatusAsync()).GetProperty("handlers").GetArrayLength(), Is.EqualTo(2));
    }

    [Test]
    public async Task A_service_in_use_goes_by_force_only()
    {
        await using var control = await RunningControl.StartAsync();
        await ApplyAsync(control, Bundle());
        var without = BundleSamples.Zip(("bundle.yaml", "bundle: 1\nservices:\n  cache:shop: {provider: memory, enabled: false}"));
        var (status, body) = await ApplyAsync(control, without);
        Assert.That((status, body.GetProperty("reasons")[0].GetString()), Is.EqualTo((409, "service cache:shop is in use by b and would be disabled.")));
        Assert.That((await ApplyAsync(control, without, "?force=true")).Status, Is.EqualTo(201));
    }

    [Test]
    public async Task A_library_that_is_deployed_need_not_be_sent_again()
    {
        await using var control = await RunningControl.StartAsync();
        await control.DeployAsync(RunningControl.Handler("a", 1));
        var (status, body) = await ApplyAsync(control, BundleSamples.Zip(("bundle.yaml", "bundle: 1\nhandlers:\n  a: {prefix: /v2, settings: {k: v}}")), "?force=true");
        Assert.That((status, Diff(body)), Is.EqualTo((201, "changed handler a")));
    }

    [Test]
    public async Task An_export_applied_to_an_empty_gateway_is_exported_byte_for_byte_the_same()
    {
        await using var one = await RunningControl.StartAsync();
        await ApplyAsync(one, Bundle());
        await one.DeployAsync(RunningControl.Handler("plain", 3), "?host=api.example.com&set=k%3D%20yes&set=n%3D%24%7BNOT%7D&drainMs=7");
        await one.ServiceAsync("PUT", "/database/pets", """{"provider":"postgres","settings":{"host":"db","database":"d","user":"u","password":"env:PW"},"enabled":false}""");
        var exported = await one.Http.GetByteArrayAsync("/api/v1/bundles/export");
        await using var other = await RunningControl.StartAsync();

        var (status, _) = await ApplyAsync(other, exported, "?prune=true");
        var again = await other.Http.GetByteArrayAsync("/api/v1/bundles/export");
        var (own, unchanged) = await ApplyAsync(one, exported, "?prune=true");

        using var scope = Assert.EnterMultipleScope();
        Assert.That(status, Is.EqualTo(201));
        Assert.That(again, Is.EqualTo(exported));
        Assert.That((own, unchanged.GetProperty("changed").GetBoolean()), Is.EqualTo((200, false)));
    }

    [Test]
    public async Task An_empty_gateway_is_a_bundle_too()
    {
        await using var control = await RunningControl.StartAsync();
        var exported = await control.Http.GetByteArrayAsync("/api/v1/bundles/export");
        var (status, body) = await ApplyAsync(control, exported, "?prune=true");
        Assert.That((status, body.GetProperty("changed").GetBoolean()), Is.EqualTo((200, false)));
    }

    [Test]
    public async Task A_library_that_was_changed_on_the_disk_is_not_exported()
    {
        await using var control = await RunningControl.StartAsync();
        var (_, body) = await control.DeployAsync(RunningControl.Handler("hello", 1));
        var stored = Path.Combine(control.State, "artifacts", body.GetProperty("handlers")[0].GetProperty("sha256").GetString()!, "hello.so");
        File.Delete(stored);
        await File.WriteAllTextAsync(stored, "tampered");
        var answer = await control.Http.GetAsync("/api/v1/bundles/export");
        Assert.That(((int)answer.StatusCode, await answer.Content.ReadAsStringAsync()), Is.EqualTo((500, await answer.Content.ReadAsStringAsync())));
        Assert.That(await answer.Content.ReadAsStringAsync(), Does.Contain("was changed on the disk"));
    }

    [TestCase("?dryrun=true", 400, "'dryrun' is not a parameter of a bundle")]
    [TestCase("?force=yes", 400, "'force' must be true or false")]
    public async Task A_misspelt_parameter_is_refused(string query, int status, string reason)
    {
        await using var control = await RunningControl.StartAsync();
        var (code, body) = await ApplyAsync(control, Bundle(), query);
        Assert.That((code, body.GetProperty("reasons")[0].GetString()), Is.EqualTo((status, body.GetProperty("reasons")[0].GetString())));
        Assert.That(body.GetProperty("reasons")[0].GetString(), Does.StartWith(reason));
    }

    [Test]
    public async Task A_bundle_over_the_limit_is_413_and_the_gateways_variables_are_its_own()
    {
        await using var control = await RunningControl.StartAsync(settings => settings.Bundles.MaxBytes = 2_000);
        Environment.SetEnvironmentVariable("BUNDLE_TEST_SECRET", "hidden");
        var (large, _) = await ApplyAsync(control, new byte[2_001]);
        var (status, body) = await ApplyAsync(control, BundleSamples.Zip(("bundle.yaml", "bundle: 1\nhandlers:\n  a: {settings: {k: '${BUNDLE_TEST_SECRET}'}}")));
        Assert.That(large, Is.EqualTo(413));
        Assert.That((status, body.GetProperty("reasons")[0].GetString()![..50]), Is.EqualTo((422, "bundle.yaml:3:21: The variable BUNDLE_TEST_SECRET ")));
    }

    private static async Task<(int Status, JsonElement Body)> ApplyAsync(RunningControl control, byte[] zip, string query = "")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/bundles" + query) { Content = new ByteArrayContent(zip) { Headers = { ContentType = new MediaTypeHeaderValue("application/zip") } } };
        return await control.SendAsync(request);
    }

    private static string Diff(JsonElement body) => string.Join(", ", body.GetProperty("diff").EnumerateArray().Select(line => $"{line.GetProperty("kind").GetString()} {line.GetProperty("what").GetString()}"));
}
