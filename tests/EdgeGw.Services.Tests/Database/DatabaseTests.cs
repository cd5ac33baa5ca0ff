using EdgeGw.Epochs;

namespace EdgeGw.Services.Tests.Database;

/// <summary>What holds for every database: one set of sentences, run on each backend.</summary>
internal abstract partial class DatabaseTests
{
    private TemporaryFolder _state = null!;

    protected ServiceHost Host { get; private set; } = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _state = new TemporaryFolder();
        Host = new ServiceHost(await ConfigAsync(), _state.Root);
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await Host.DisposeAsync();
        _state.Dispose();
    }

    /// <summary>The service under test.</summary>
    protected abstract Task<EpochService> ConfigAsync();

    /// <summary>The type of bytes.</summary>
    protected abstract string BytesType { get; }

    /// <summary>Runs a statement that must succeed, in a request of its own.</summary>
    protected async Task<Reply> RunAsync(string sql, params object?[] parameters)
    {
        using var request = Host.Open();
        var reply = await request.Database.QueryAsync(sql, parameters);
        Assert.That(reply.Result, Is.EqualTo(AbiResult.Ok), reply.ToString());
        return reply;
    }

    protected async Task<string> OneAsync(string sql, params object?[] parameters) => (await RunAsync(sql, parameters)).Values.Single().ToString();

    /// <summary>A table of its own for a test.</summary>
    protected async Task<string> TableAsync(string columns)
    {
        var name = $"t{Guid.NewGuid():n}";
        await RunAsync($"create table {name} ({columns})");
        return name;
    }
}
