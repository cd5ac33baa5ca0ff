using EdgeGw.Abi;
using EdgeGw.Tests.Support;

namespace EdgeGw.Tests;

/// <summary>The examples in C that use services, on fake ones.</summary>
[TestFixture(false), TestFixture(true)]
public class CExampleTests(bool replyAtOnce)
{
    private readonly TemporaryFolder _folder = new();

    [OneTimeTearDown]
    public void Clean() => _folder.Dispose();

    [Test]
    public async Task A_counter_counts_in_the_cache()
    {
        var gateway = await LoadAsync("counter");
        Assert.That((await gateway.SendAsync("GET", "/c/counters/visits")).Text, Is.EqualTo("0\n"));
        Assert.That((await gateway.SendAsync("POST", "/c/counters/visits")).Text, Is.EqualTo("1\n"));
        Assert.That((await gateway.SendAsync("POST", "/c/counters/visits")).Text, Is.EqualTo("2\n"));
        Assert.That((await gateway.SendAsync("GET", "/c/counters/visits")).Text, Is.EqualTo("2\n"));
        Assert.That((await gateway.SendAsync("GET", "/c/counters/" + new string('x', 127))).Status, Is.EqualTo(414));
        Assert.That(gateway.Violations, Is.Empty);
    }

    [Test]
    public async Task A_cache_that_cannot_answer_now_is_503_and_the_reason_is_in_the_log_alone()
    {
        var gateway = await LoadAsync("counter");
        gateway.Cache().FailNext(AbiResult.Unavailable, "cache.internal refuses the connection.");
        var down = await gateway.SendAsync("POST", "/c/counters/visits");
        Assert.That((down.Status, down.Header("Retry-After"), down.Text), Is.EqualTo((503, "1", "The counters cannot be reached at the moment.\n")));
        gateway.Cache().RefuseNext(AbiResult.Busy);
        Assert.That((await gateway.SendAsync("POST", "/c/counters/visits")).Status, Is.EqualTo(503));
        gateway.Cache().FailNext(AbiResult.Refused, "This is no number.");
        var refused = await gateway.SendAsync("POST", "/c/counters/visits");
        Assert.That((refused.Status, refused.Error), Is.EqualTo((500, "This is no number.")));
        Assert.That(gateway.Violations, Is.Empty);
    }

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(200)]
    [TestCase(20_000)]
    public async Task Rows_become_lines_page_by_page(int count)
    {
        var gateway = await LoadAsync("pets");
        gateway.Database().When("FROM pets", FakeResult.Of(["id", "name", "price_cents"], Enumerable.Range(1, count).Select(i => new object?[] { i, "\"Rex\"\n\\é", i % 2 == 0 ? null : -5L })));
        var response = await gateway.SendAsync(new FakeRequest("GET", "/c/pets/dog") { ClientBufferBytes = 1000 });
        Assert.That((response.Status, response.Header("Content-Type")), Is.EqualTo((200, "application/x-ndjson")));
        Assert.That(response.Text, Is.EqualTo(string.Concat(Enumerable.Range(1, count)
            .Select(i => $$"""{"id":{{i}},"name":"\u0022Rex\u0022\u000a\u005cé","price_cents":{{(i % 2 == 0 ? "null" : "-5")}}}""" + "\n"))));
        Assert.That(gateway.Database().Statements.Single().Parameters, Is.EqualTo(new[] { "dog" }));
        Assert.That(gateway.Database().Calls.Count(c => c == "next"), Is.EqualTo(Math.Max(0, (count - 1) / 200)));
        Assert.That(gateway.Violations, Is.Empty);
    }

    [Test]
    public async Task A_database_that_cannot_answer_now_is_503()
    {
        var gateway = await LoadAsync("pets");
        gateway.Database().FailNext(AbiResult.Unavailable, "db.internal refuses the connection.");
        Assert.That((await gateway.SendAsync("GET", "/c/pets/dog")).Status, Is.EqualTo(503));
        gateway.Database().RefuseNext(AbiResult.Busy);
        Assert.That((await gateway.SendAsync("GET", "/c/pets/dog")).Status, Is.EqualTo(503));
        var refused = await gateway.SendAsync("GET", "/c/pets/dog");
        Assert.That((refused.Status, refused.Error), Is.EqualTo((500, "The test says nothing of this statement: SELECT id, name, price_cents FROM pets WHERE kind = $1 ORDER BY id")));
        Assert.That(gateway.Violations, Is.Empty);
    }

    // Each test has a file of its own: one file is loaded once, and keeps its static variables.
    private async Task<FakeGateway> LoadAsync(string example)
    {
        var library = _folder[$"{example}-{TestContext.CurrentContext.Test.ID}.so"];
        var gcc = await Command.RunAsync("gcc", ["-std=c11", "-Wall", "-Wextra", "-Werror", "-O1", "-shared", "-fPIC", "-I", Repository.Path("native-abi/include"),
            "-o", library, Repository.Path($"native-abi/examples/{example}.c")]);
        Assert.That(gcc.ExitCode, Is.Zero, gcc.Error);
        return FakeGateway.Load(library, new FakeGatewayOptions { ReplyAtOnce = replyAtOnce });
    }
}
