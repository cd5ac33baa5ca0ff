using System.Text.Json;
using EdgeGw.Abi;

namespace PetstoreSample.Tests;

/// <summary>The sample on a fake gateway whose database gives some pets.</summary>
internal sealed class Store
{
    private static readonly string[] Columns = ["id", "name", "kind", "born", "price_cents", "chip"];

    public FakeGateway Gateway { get; } = FakeGateway.For(typeof(Pets));

    public FakeDatabase Database => Gateway.Database("main");

    public FakeCache Cache => Gateway.Cache("default");

    public FakeStorage Files => Gateway.Storage("files");

    /// <summary>Statements that contain <paramref name="part"/> give pets of these numbers.</summary>
    public void Gives(string part, params long[] ids)
        => Database.When(part, FakeResult.Of(Columns, ids.Select(id => new object?[] { id, $"Pet {id}", "dog", new DateOnly(2024, 2, 29), 1250L, null })));

    public Task<FakeResponse> SendAsync(string method, string target, string? json = null)
        => Gateway.SendAsync(json is null ? new FakeRequest(method, target) : new FakeRequest(method, target).WithJson(json));

    /// <summary>Asserts a problem of that status whose detail holds <paramref name="sentence"/>.</summary>
    public async Task RefusesAsync(int status, string sentence, string method, string target, string? json = null)
    {
        var response = await SendAsync(method, target, json);
        Assert.That((response.Status, response.Header("Content-Type")), Is.EqualTo((status, "application/problem+json")), response.Text);
        Assert.That(response.Text, Does.Contain(sentence));
    }

    public static string? Member(FakeResponse response, string name) => JsonDocument.Parse(response.Body).RootElement.GetProperty(name).ToString();

    public static void IsDown(FakeService service) => service.FailNext(AbiResult.Unavailable, "db.internal:5432 refuses the connection.");
}
