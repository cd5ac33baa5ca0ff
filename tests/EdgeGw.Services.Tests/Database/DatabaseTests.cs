using EdgeGw.Epochs;

namespace EdgeGw.Services.Tests.Database;

/// <summary>What holds for every database: one set of sentences, run on each backend.</summary>
internal abstract partial class DatabaseTests
{
    private TemporaryFolder _state = null!;

    protected ServiceHost Host { get; private set; } = null!;

    /// <summary>The state directory.</summary>
    protected string State => _state.Root;

    /// <summary>The service as it is between tests.</summary>
    protected EpochService Config { get; private set; } = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _state = new TemporaryFolder();
        Config = await ConfigAsync();
        Host = new ServiceHost(Config, _state.Root);
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await Host.DisposeAsync();
        _state.Dispose();
    }

    /// <summary>The service under test.</summary>
    protected abstract Task<EpochService> ConfigAsync();

    /// <summary>The type of a column that keeps values of that kind as they are.</summary>
    protected abstract string TypeOf(AbiValueKind kind);

    /// <summary>A query that runs until it is cancelled, without a parameter.</summary>
    protected virtual string EndlessQuery => "with recursive c(n) as (select 1 union all select n + 1 from c) select count(*) from c";

    /// <summary>Runs a statement that must succeed, in a request of its own.</summary>
    protected async Task<Reply> RunAsync(string sql, params object?[] parameters)
    {
        using var request = Host.Open();
        var reply = await request.Database.QueryAsync(sql, parameters);
        Assert.That(reply.Result, Is.EqualTo(AbiResult.Ok), reply.ToString());
        return reply;
    }

    protected async Task<string> OneAsync(string sql, params object?[] parameters) => (await RunAsync(sql, parameters)).Values.Single().ToString();

    /// <summary>Waits until no call and no session is at work: whatever a test has left open has ended.</summary>
    protected Task IdleAsync() => Eventually.TrueAsync(() => Task.FromResult(Host.Actor.Running == 0), () => $"nothing at work, but {Host.Actor.Running} are");

    /// <summary>A table of its own for a test.</summary>
    protected async Task<string> TableAsync(string columns)
    {
        var name = $"t{Guid.NewGuid():n}";
        await RunAsync($"create table {name} ({columns})");
        return name;
    }
}
