using EdgeGw.Configuration;
using EdgeGw.Epochs;
using EdgeGw.Generations;
using EdgeGw.Interop;
using EdgeGw.Logging;
using EdgeGw.Pipeline;
using EdgeGw.Tests.Support;

namespace EdgeGw.Bench;

/// <summary>The data plane with two libraries in C loaded, without Kestrel.</summary>
internal sealed class InProcessGateway : IDisposable
{
    private readonly TemporaryFolder _state = new();
    private readonly LogHub _log;
    private readonly EdgeGw.Pipeline.Gateway _gateway;

    public InProcessGateway(Action<GatewaySettings>? configure = null)
    {
        // As in a worker, so that requests and calls are written down: before the first library is loaded.
        SharedMemory.Open();
        var settings = new GatewaySettings { AccessLog = { Enabled = false } };
        configure?.Invoke(settings);
        _log = new LogHub(settings.Log, null, TimeProvider.System);
        var versions = new VersionLedger();
        Context = new PipelineContext(settings, _log, versions, TimeProvider.System, _state.Root);
        ExchangeTable.Context = Context;
        var epochs = new EpochSwitch(new EpochLoader(settings, _state.Root, versions, _log, TimeProvider.System), Epochs, Context.Services, settings.Handlers.StreamDrainMs, _log);
        var epoch = new EpochConfig { Number = 1, Created = TimeProvider.System.GetUtcNow(), Action = "deploy", Reason = "bench", Handlers = [Handler("ok1", "/ok"), Handler("nothing", "/nothing")] };
        if (!epochs.TrySwitch(epoch, strict: true, out var reasons))
        {
            throw new InvalidOperationException(string.Join(' ', reasons));
        }

        _gateway = new(Context, Epochs);
    }

    public PipelineContext Context { get; }

    public EpochHolder Epochs { get; } = new();

    public Task ServeAsync(OneRequest request)
    {
        request.Begin();
        return _gateway.ProcessRequestAsync(request.Features);
    }

    public void Dispose()
    {
        _log.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _state.Dispose();
    }

    private EpochHandler Handler(string fixture, string pattern)
    {
        var library = Repository.Fixture(fixture);
        var hash = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(library)));
        Directory.CreateDirectory(_state[$"artifacts/{hash}"]);
        File.Copy(library, _state[$"artifacts/{hash}/{fixture}.so"]);
        return new()
        {
            Name = fixture,
            Version = "1",
            Sha256 = hash,
            File = fixture + ".so",
            Manifest = new() { Name = fixture, Routes = [new() { Method = "GET", Pattern = pattern }] },
        };
    }
}
