using System.Text.Json;
using EdgeGw.Abi;

namespace PetstoreSample.Tests;

public class PetsTests
{
    private const string Hoover = """{"name":" Hoover ","kind":"cat","priceCents":9900,"born":"2025-02-03","chip":"276098100000009"}""";

    private Store _store = null!;

    [SetUp]
    public void Open() => _store = new Store();

    [Test]
    public void A_deploy_needs_the_three_services()
        => Assert.That(_store.Gateway.Manifest.Services, Is.EqualTo(new[] { "cache:default", "database:main", "storage:files" }));

    [Test]
    public async Task A_list_is_read_once_and_then_comes_from_the_cache()
    {
        _store.Gives("SELECT", 1, 2);
        var first = await _store.SendAsync("GET", "/pets?limit=2");
        var second = await _store.SendAsync("GET", "/pets?limit=2");
        Assert.That((first.Status, first.Header("Content-Type")), Is.EqualTo((200, "application/json")));
        Assert.That(first.Text, Is.EqualTo("""
            {"pets":[{"id":1,"name":"Pet 1","kind":"dog","born":"2024-02-29","priceCents":1250,"chip":null},{"id":2,"name":"Pet 2","kind":"dog","born":"2024-02-29","priceCents":1250,"chip":null}],"next":"/pets?after=2\u0026limit=2"}
            """));
        Assert.That(second.Text, Is.EqualTo(first.Text));
        Assert.That(_store.Database.Statements.Single().Parameters, Is.EqualTo(new object[] { 0L, 2L }));
    }

    [Test]
    public async Task A_change_makes_the_list_new()
    {
        _store.Gives("SELECT", 1);
        await _store.SendAsync("GET", "/pets");
        _store.Gives("UPDATE pets", 1);
        Assert.That((await _store.SendAsync("PUT", "/pets/1", Hoover)).Status, Is.EqualTo(200));
        _store.Gives("SELECT", 1, 2);
        Assert.That((await _store.SendAsync("GET", "/pets")).Text, Does.Contain("Pet 2"));
    }

    [Test]
    public async Task A_new_pet_gets_the_next_number_in_the_transaction_that_adds_it()
    {
        _store.Database.When("UPDATE numbers", FakeResult.Of(["last"], [7L]));
        _store.Database.When("INSERT", FakeResult.Changed(1));
        var response = await _store.SendAsync("POST", "/pets", Hoover);
        Assert.That((response.Status, response.Header("Location")), Is.EqualTo((201, "/pets/7")));
        Assert.That(response.Text, Is.EqualTo("""{"id":7,"name":"Hoover","kind":"cat","born":"2025-02-03","priceCents":9900,"chip":"276098100000009"}"""));
        Assert.That(_store.Database.Events, Is.EqualTo(new[] { "begin", "commit" }));
        var insert = _store.Database.Statements.Last();
        Assert.That(insert.Parameters, Is.EqualTo(new object?[] { 7L, "Hoover", "cat", new DateOnly(2025, 2, 3), 9900L, "276098100000009", "hoover" }));
        Assert.That(_store.Database.Statements.Select(s => s.InTransaction), Is.All.True);
    }

    [Test]
    public async Task A_chip_that_another_pet_has_is_a_conflict_and_leaves_no_number_used()
    {
        _store.Database.When("UPDATE numbers", FakeResult.Of(["last"], [7L]));
        _store.Database.When("INSERT", FakeResult.Error("duplicate key value violates unique constraint \"pets_chip_key\"", "23505"));
        await _store.RefusesAsync(409, "Another pet has this chip.", "POST", "/pets", Hoover);
        Assert.That(_store.Database.Events, Is.EqualTo(new[] { "begin", "rollback" }));
    }

    [TestCase("""{"name":"","kind":"cat","priceCents":1}""", 422, "name")]
    [TestCase("""{"name":"A\u0000B","kind":"cat","priceCents":1}""", 422, "name")]
    [TestCase("""{"name":"A","kind":"dragon","priceCents":1}""", 422, "must be one of dog, cat, bird, fish, other")]
    [TestCase("""{"name":"A","kind":"cat","priceCents":-1}""", 422, "priceCents")]
    [TestCase("""{"name":"A","kind":"cat","priceCents":1,"chip":"12"}""", 422, "must have 15 digits")]
    [TestCase("""{"kind":"cat","priceCents":1}""", 400, "The JSON body is not valid at $")]
    [TestCase("""{"name":"A","kind":"cat","priceCents":1,"born":"tomorrow"}""", 400, "born")]
    [TestCase("[", 400, "JSON")]
    public async Task What_is_no_pet_is_refused_before_anything_is_asked(string json, int status, string sentence)
    {
        await _store.RefusesAsync(status, sentence, "POST", "/pets", json);
        await _store.RefusesAsync(status, sentence, "PUT", "/pets/1", json);
        Assert.That(_store.Database.Calls, Is.Empty);
    }

    [Test]
    public async Task All_that_is_wrong_with_a_pet_is_told_at_once()
    {
        var response = await _store.SendAsync("POST", "/pets", """{"name":"","kind":"","priceCents":-1,"chip":""}""");
        Assert.That(JsonDocument.Parse(response.Text).RootElement.GetProperty("errors").EnumerateObject().Select(e => e.Name),
            Is.EqualTo(new[] { "name", "kind", "priceCents", "chip" }));
    }

    [Test]
    public async Task A_pet_is_found_changed_and_removed_by_its_number()
    {
        _store.Gives("SELECT", 5);
        Assert.That((await _store.SendAsync("GET", "/pets/5")).Text, Does.StartWith("""{"id":5,"name":"Pet 5","""));
        _store.Gives("UPDATE pets", 5);
        Assert.That((await _store.SendAsync("PUT", "/pets/5", Hoover)).Status, Is.EqualTo(200));
        Assert.That(_store.Database.Statements.Last().Parameters, Is.EqualTo(new object?[] { 5L, "Hoover", "hoover", "cat", new DateOnly(2025, 2, 3), 9900L, "276098100000009" }));
        _store.Database.When("DELETE", FakeResult.Changed(1));
        Assert.That((await _store.SendAsync("DELETE", "/pets/5")).Status, Is.EqualTo(204));
    }

    [Test]
    public async Task A_pet_that_is_not_there_is_404()
    {
        _store.Gives("SELECT");
        _store.Gives("UPDATE pets");
        _store.Database.When("DELETE", FakeResult.Changed(0));
        await _store.RefusesAsync(404, "There is no pet 9.", "GET", "/pets/9");
        await _store.RefusesAsync(404, "There is no pet 9.", "PUT", "/pets/9", Hoover);
        await _store.RefusesAsync(404, "There is no pet 9.", "DELETE", "/pets/9");
        Assert.That((await _store.SendAsync("GET", "/pets/rex")).Status, Is.EqualTo(404));
    }

    [TestCase("", "id > $1 ORDER BY id LIMIT $2", 0L, 20L)]
    [TestCase("?q=Re%25_!x", "id > $1 AND name_lower LIKE $2 ESCAPE '!' ORDER BY id LIMIT $3", 0L, "%re!%!_!!x%", 20L)]
    [TestCase("?kind=dog&after=3&limit=5", "id > $1 AND kind = $2 ORDER BY id LIMIT $3", 3L, "dog", 5L)]
    [TestCase("?q=x&kind=dog&maxPriceCents=9", "id > $1 AND name_lower LIKE $2 ESCAPE '!' AND kind = $3 AND price_cents <= $4 ORDER BY id LIMIT $5", 0L, "%x%", "dog", 9L, 20L)]
    [TestCase("?kind='%3B DROP TABLE pets%3B--", "id > $1 AND kind = $2 ORDER BY id LIMIT $3", 0L, "'; DROP TABLE pets;--", 20L)]
    public async Task A_search_asks_for_what_the_query_says_and_for_it_as_data(string query, string sql, params object[] parameters)
    {
        _store.Gives("SELECT", 1);
        Assert.That((await _store.SendAsync("GET", "/pets/search" + query)).Status, Is.EqualTo(200));
        var statement = _store.Database.Statements.Single();
        Assert.That(statement.Sql, Does.EndWith("FROM pets WHERE " + sql));
        Assert.That(statement.Parameters, Is.EqualTo(parameters));
    }

    [Test]
    public async Task An_export_has_a_line_for_each_pet_and_keeps_none()
    {
        _store.Gives("SELECT", [.. Enumerable.Range(1, 1000).Select(i => (long)i)]);
        var response = await _store.SendAsync("GET", "/pets/export");
        Assert.That((response.Status, response.Header("Content-Type")), Is.EqualTo((200, "application/x-ndjson")));
        Assert.That(response.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonDocument.Parse(l).RootElement.GetProperty("id").GetInt32()), Is.EqualTo(Enumerable.Range(1, 1000)));
        Assert.That(_store.Database.Calls.Count(c => c == "next"), Is.EqualTo(9), "page by page");
    }

    [Test]
    public async Task A_full_page_of_a_search_says_where_the_next_one_is()
    {
        _store.Gives("SELECT", 4, 6);
        var page = await _store.SendAsync("GET", "/pets/search?q=a%26b&limit=2&maxPriceCents=5");
        Assert.That(Store.Member(page, "next"), Is.EqualTo("/pets/search?q=a%26b&maxPriceCents=5&after=6&limit=2"));
    }

    [TestCase("/pets?limit=0", "'limit' must be 1 to 100.")]
    [TestCase("/pets?limit=101", "'limit' must be 1 to 100.")]
    [TestCase("/pets?after=x", "after")]
    [TestCase("/pets/search?maxPriceCents=cheap", "maxPriceCents")]
    [TestCase("/pets/search?q=%00", "a NUL")]
    public async Task A_query_that_cannot_be_is_400(string target, string sentence) => await _store.RefusesAsync(400, sentence, "GET", target);

    [Test]
    public async Task A_database_that_is_down_is_503_and_gives_nothing_away()
    {
        Store.IsDown(_store.Database);
        var response = await _store.SendAsync("GET", "/pets/1");
        Assert.That((response.Status, response.Header("Retry-After")), Is.EqualTo((503, "1")));
        Assert.That(response.Text, Does.Contain("The database 'main' cannot be reached at the moment.").And.Not.Contain("db.internal"));
        _store.Database.RefuseNext(AbiResult.Busy);
        await _store.RefusesAsync(503, "The database 'main' has too much to do at the moment.", "GET", "/pets/1");
        _store.Database.FailNext(AbiResult.TimedOut);
        await _store.RefusesAsync(504, "The database 'main' did not answer in time", "GET", "/pets/1");
    }

    [Test]
    public async Task A_cache_that_is_down_makes_no_failure_of_a_change_that_is_made()
    {
        _store.Gives("UPDATE pets", 1);
        Store.IsDown(_store.Cache);
        Assert.That((await _store.SendAsync("PUT", "/pets/1", Hoover)).Status, Is.EqualTo(200));
        Assert.That(_store.Gateway.Log.Any(l => l.Message.Contains("stay until they expire", StringComparison.Ordinal)), Is.True);
    }

    [TearDown]
    public void Nothing_broke_the_contract() => Assert.That(_store.Gateway.Violations, Is.Empty);
}
