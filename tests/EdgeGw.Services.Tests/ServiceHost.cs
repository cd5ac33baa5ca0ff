using EdgeGw.Configuration;
using EdgeGw.Epochs;
using EdgeGw.Generations;
using EdgeGw.Interop;
using EdgeGw.Logging;
using EdgeGw.Pipeline;
using EdgeGw.Services.Tests.Interop;
using EdgeGw.Worker;

namespace EdgeGw.Services.Tests;

/// <summary>The gateway's services without the gateway's network: a handler's version that uses one service, and requests opened by hand.</summary>
internal sealed class ServiceHost : IAsyncDisposable
{
    private readonly LogHub _log;
    private readonly HandlerVersion _version;
    private readonly PipelineContext _context;
    private int _epoch;

    public ServiceHost(EpochService config, string stateDirectory)
    {
        var settings = new GatewaySettings { AccessLog = { Enabled = false } };
        _log = new LogHub(settings.Log, null, TimeProvider.System);
        var versions = new VersionLedger();
        _context = new PipelineContext(settings, _log, versions, TimeProvider.System, stateDirectory);
        ExchangeTable.Context = _context;
        Use(config);
        var handler = new EpochHandler
        {
            Name = "test",
            Version = "1",
            Sha256 = new string('0', 64),
            File = "none.so",
            Manifest = new() { Name = "test", Routes = [], Services = [config.ToString()] },
        };
        _version = versions.Add(ordinal => new HandlerVersion(ordinal, handler))!;
        Service = _context.Services.Find(_version, config.Kind, config.Name);
        Slot = _context.Services.Slots.Single(slot => slot.ToString() == config.ToString());
    }

    /// <summary>The number of the service, as a handler gets it.</summary>
    public ulong Service { get; }

    public ServiceSlot Slot { get; }

    public ServiceActor Actor => Slot.Actor!;

    /// <summary>What control asks of services.</summary>
    public ServiceOrders Orders => new(_context.Services, TimeProvider.System);

    /// <summary>Puts a configuration in force.</summary>
    public void Use(EpochService config)
    {
        var change = _context.Services.Prepare(new EpochConfig
        {
            Number = ++_epoch,
            Created = TimeProvider.System.GetUtcNow(),
            Action = "service",
            Reason = "test",
            Services = [config],
        });
        Assert.That(change.Reasons, Is.Empty);
        _context.Services.Accept(change);
    }

    /// <summary>A request that the handler has been given.</summary>
    public ServiceRequest Open()
    {
        var exchange = _context.Exchanges.Rent()!;
        exchange.Open(_version.Ordinal);
        return new ServiceRequest(_context, exchange, Service);
    }

    public async ValueTask DisposeAsync()
    {
        await _context.Services.StopAsync(Eventually.Patience);
        ExchangeTable.Context = null;
        await _log.DisposeAsync();
    }
}

/// <summary>One request; disposing it ends it as a handler's completion does.</summary>
internal sealed class ServiceRequest(PipelineContext context, Exchange exchange, ulong service) : IDisposable
{
    private bool _ended;

    public ulong Id { get; } = exchange.Id;

    public DatabaseCaller Database { get; } = new(exchange.Id, service);

    /// <summary>The client has gone, or the deadline has passed.</summary>
    public void Cancel() => exchange.Cancel(Id);

    public void Dispose()
    {
        if (!_ended)
        {
            _ended = true;
            exchange.Close();
            context.Exchanges.Return(exchange);
        }
    }
}
