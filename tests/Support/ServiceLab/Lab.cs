using EdgeGw.Configuration;
using EdgeGw.Epochs;
using EdgeGw.Generations;
using EdgeGw.Interop;
using EdgeGw.Logging;
using EdgeGw.Pipeline;
using EdgeGw.Pipeline.Observe;
using EdgeGw.Services;
using Microsoft.AspNetCore.Http;

namespace EdgeGw.Tests.ServiceLab;

/// <summary>The services of a worker and one library that may use them, without a gateway around: what a handler calls are the very functions of the C tables.</summary>
internal sealed class Lab : IAsyncDisposable
{
    private readonly LogHub _log;
    private readonly HandlerVersion _version;

    public Lab(string stateDirectory, params EpochService[] services)
        : this(_ => { }, stateDirectory, services)
    {
    }

    public Lab(Action<GatewaySettings> configure, string stateDirectory, params EpochService[] services)
    {
        var settings = new GatewaySettings { AccessLog = { Enabled = false } };
        configure(settings);
        _log = new LogHub(settings.Log, null, TimeProvider.System);
        var versions = new VersionLedger();
        Context = new PipelineContext(settings, _log, versions, TimeProvider.System, stateDirectory);
        ExchangeTable.Context = Context;
        _version = versions.Add(ordinal => new HandlerVersion(ordinal, new EpochHandler
        {
            Name = "lab",
            Version = "1",
            Sha256 = "",
            File = "",
            Manifest = new() { Name = "lab", Routes = [], Services = [.. services.Select(service => service.ToString())] },
        }))!;
        Configure(services);
    }

    public PipelineContext Context { get; }

    /// <summary>Puts other services in force, as an epoch does.</summary>
    public void Configure(params EpochService[] services)
    {
        var change = Context.Services.Prepare(new EpochConfig
        {
            Number = 1,
            Created = TimeProvider.System.GetUtcNow(),
            Action = "service",
            Reason = "the lab's",
            Services = services,
        });
        if (change.Reasons.FirstOrDefault(reason => services.Any(service => reason.Contains($" {service} ", StringComparison.Ordinal))) is { } refused)
        {
            throw new InvalidOperationException(refused);
        }

        Context.Services.Accept(change);
    }

    /// <summary>A request inside the library, with headers that its client has sent.</summary>
    public LabExchange Begin(params (string Name, string Value)[] headers) => new(Context, _version, headers);

    /// <summary>Who serves.</summary>
    public ServiceActor Actor(string kind, string name) => Context.Services.Slots.Single(slot => slot.Kind == kind && slot.Name == name).Actor!;

    public async ValueTask DisposeAsync()
    {
        await Context.Services.StopAsync(TimeSpan.FromSeconds(30));
        await Context.AccessLog.DisposeAsync();
        await _log.DisposeAsync();
    }
}

/// <summary>One request. Its end is the end of all it has open.</summary>
internal sealed class LabExchange : IDisposable
{
    private readonly PipelineContext _context;
    private readonly HandlerVersion _version;
    private readonly Exchange _exchange;

    public LabExchange(PipelineContext context, HandlerVersion version, params (string Name, string Value)[] headers)
    {
        (_context, _version) = (context, version);
        _exchange = context.Exchanges.Rent()!;
        var request = new DefaultHttpContext();
        foreach (var (name, value) in headers)
        {
            request.Request.Headers.Append(name, value);
        }
        _exchange.Attach(request.Features);
        _exchange.Open(version.Ordinal);
        Id = _exchange.Id;
    }

    public ulong Id { get; }

    /// <summary>Its place in a trace.</summary>
    public ExchangeTrace Trace => _exchange.Trace;

    /// <summary>Its service calls that have ended.</summary>
    public ReadOnlySpan<CallSpan> Spans => _exchange.Services.Spans.All;

    public ulong Find(string kind, string name) => _context.Services.Find(_version, kind, name);

    /// <summary>complete(): further calls are refused.</summary>
    public void Complete()
    {
        if (_exchange.TryEnter(Id) == AbiResult.Ok)
        {
            _exchange.Complete(AbiResult.Ok);
        }
    }

    /// <summary>The client has gone away.</summary>
    public void Cancel() => _exchange.Cancel(Id);

    public void Dispose()
    {
        Complete();
        // As Detach does, which would also end what the lab has not begun.
        _exchange.Trace.Reset();
        _exchange.Services.Spans.Clear();
        _context.Exchanges.Return(_exchange);
    }
}
