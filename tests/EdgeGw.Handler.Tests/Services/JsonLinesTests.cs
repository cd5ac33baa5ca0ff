using System.Text.Json.Serialization;
using EdgeGw.Abi;

namespace EdgeGw.Tests;

/// <summary>Rows of a database, on to the client as lines of JSON.</summary>
public class JsonLinesTests
{
    private static readonly string[] Columns = ["id", "name", "born_on", "weight_kg"];

    private FakeGateway _gateway = null!;

    private FakeDatabase Database => _gateway.Database("main");

    [SetUp]
    public void Load() => _gateway = FakeGateway.For(typeof(Scripted));

    [TestCase(0, 0)]
    [TestCase(1, 3)]
    [TestCase(101, 100_000)]
    [TestCase(20_000, 3)]
    public async Task Every_row_is_a_line_whatever_its_size_and_their_number(int count, int nameLength)
    {
        var name = new string('é', nameLength);
        Database.When("SELECT", FakeResult.Of(Columns, Enumerable.Range(0, count).Select(i => new object?[] { i, name, null, 1.5m })));
        var response = await SendAsync();
        Assert.That((response.Status, response.Header("Content-Type"), response.Error), Is.EqualTo((200, "application/x-ndjson", (string?)null)));
        var lines = response.Text.Split('\n');
        Assert.That((lines.Length, lines[^1]), Is.EqualTo((count + 1, "")));
        for (var i = 0; i < count; i++)
            Assert.That(System.Text.Json.JsonSerializer.Deserialize(lines[i], RowJson.Default.PetRow), Is.EqualTo(new PetRow(i, name, null, 1.5m)));
        Assert.That(_gateway.Violations, Is.Empty);
    }

    [Test]
    public async Task One_value_may_be_larger_than_what_the_gateway_keeps_of_a_response()
    {
        var pet = new PetRow(1, new string('x', 1_000_000), null);
        var response = await _gateway.SendAsync((_, _) => Task.FromResult(Response.Ok(pet, RowJson.Default.PetRow)));
        Assert.That((response.Error, response.Status), Is.EqualTo(((string?)null, 200)));
        Assert.That(response.Json(RowJson.Default.PetRow), Is.EqualTo(pet));
    }

    [Test]
    public async Task A_database_that_is_down_is_503_because_nothing_was_sent_yet()
    {
        Database.FailNext(AbiResult.Unavailable);
        Assert.That((await SendAsync()).Status, Is.EqualTo(503));
    }

    [Test]
    public async Task A_row_that_fails_later_breaks_the_response_off_and_closes_the_cursor()
    {
        Database.PageRows = 1;
        Database.When("SELECT", FakeResult.Of(Columns, [1, "Rex", null, null], [2, null, null, null], [3, "Mia", null, null]));
        var response = await SendAsync();
        Assert.That(response.Error, Does.Contain("Column 'name' (1) is NULL"));
        Assert.That(() => Database.Calls, Has.Some.EqualTo("close").After(5000, 5));
    }

    [Test]
    public async Task A_client_that_leaves_ends_the_rows()
    {
        var endless = Enumerable.Range(0, int.MaxValue).Select(i => new object?[] { i, "Rex", null, null });
        Database.When("SELECT", FakeResult.Of(Columns, endless));
        var call = Open(new FakeRequest("POST", "/") { ClientBufferBytes = 1000 });
        await call.Body.ReadExactlyAsync(new byte[100_000]);
        call.Cancel();
        await call.Completion;
        Assert.That(_gateway.Violations, Is.Empty);
    }

    private Task<FakeResponse> SendAsync() => Open(new FakeRequest("POST", "/") { ClientBufferBytes = 100_000 }).ReadAsync();

    private FakeCall Open(FakeRequest request)
        => _gateway.Open(async (c, _) => await Response.JsonLinesAsync(c.Database("main").StreamAsync<PetRow>("SELECT"), RowJson.Default.PetRow), request);
}

[JsonSerializable(typeof(PetRow))]
internal sealed partial class RowJson : JsonSerializerContext;
