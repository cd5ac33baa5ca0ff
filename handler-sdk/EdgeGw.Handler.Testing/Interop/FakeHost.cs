using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Text;
using EdgeGw.Abi;

namespace EdgeGw.Testing.Interop;

/// <summary>One loaded library: the host table it was given, and the table it gave back. Lives until the process ends, as libraries do.</summary>
internal sealed unsafe class FakeHost
{
    private static readonly NativeTables Tables = new();

    private readonly AbiHost* _host;
    private readonly Dictionary<string, nint> _config;
    private readonly Dictionary<ulong, FakeService> _services = [];
    private AbiHandler* _handler;
    private void* _instance;
    private int _waiting;
    private string? _error;

    public FakeHost(FakeGatewayOptions options)
    {
        Options = options;
        _config = options.Config.ToDictionary(c => c.Key, c => (nint)NativeTables.Text(c.Value), StringComparer.OrdinalIgnoreCase);
        _host = (AbiHost*)NativeMemory.AllocZeroed((nuint)sizeof(AbiHost));
        *_host = new AbiHost
        {
            Size = (uint)sizeof(AbiHost),
            AbiMajor = AbiVersion.Major,
            AbiMinor = AbiVersion.Minor,
            Context = (void*)GCHandle.ToIntPtr(GCHandle.Alloc(this)),
            GetTable = &GetTable,
            SetError = &SetError,
        };
    }

    public FakeGatewayOptions Options { get; }

    public ConcurrentQueue<FakeLogLine> Log { get; } = new();

    public ConcurrentQueue<string> Violations { get; } = new();

    public static FakeHost From(AbiHost* host) => (FakeHost)GCHandle.FromIntPtr((nint)host->Context).Target!;

    public FakeManifest Enter(nint entry)
    {
        _handler = ((delegate* unmanaged<AbiHost*, AbiHandler*>)entry)(_host);
        if (_handler is null)
            throw new InvalidOperationException($"The library refused this gateway: {_error ?? "it did not say why"}");
        var manifest = FakeManifest.Parse(_handler->Manifest.AsSpan());
        foreach (var service in (manifest.Services ?? []).Select(Create))
            _services.Add(ServiceDoor.Register(service), service);
        if (_handler->Init is null)
            return manifest;
        void* instance = null;
        Require(_handler->Init(_host, &instance), "did not start");
        _instance = instance;
        return manifest;
    }

    public AbiResult Handle(uint route, AbiRequest* request) => _handler->Handle(_instance, route, request);

    /// <summary>The number of a service; false when the manifest does not name it.</summary>
    public bool TryFind(string kind, string name, out ulong id)
    {
        id = _services.FirstOrDefault(s => s.Value.Kind == kind && s.Value.Name == name).Key;
        return id != 0;
    }

    public T Service<T>(string name) where T : FakeService => _services.Values.OfType<T>().FirstOrDefault(s => s.Name == name)
        ?? throw new InvalidOperationException($"The manifest names no {typeof(T).Name[4..].ToLowerInvariant()} '{name}'.");

    public void SelfTest()
    {
        if (_handler->SelfTest is not null)
            Require(_handler->SelfTest(_instance), "failed its self-test");
    }

    public bool TryGetConfig(string key, AbiText* value)
    {
        if (!_config.TryGetValue(key, out var text))
            return false;
        *value = *(AbiText*)text;
        return true;
    }

    public AbiResult Post(TimeSpan delay, delegate* unmanaged<void*, void> work, void* state)
    {
        if (Interlocked.Increment(ref _waiting) > Options.ScheduleCapacity)
        {
            Interlocked.Decrement(ref _waiting);
            return AbiResult.Busy;
        }
        var (address, argument) = ((nint)work, (nint)state);
        if (delay == TimeSpan.Zero)
            ThreadPool.UnsafeQueueUserWorkItem(_ => Run(address, argument), null);
        else
            FakeTimer.Start(Options.TimeProvider, delay, () => Run(address, argument));
        return AbiResult.Ok;
    }

    private FakeService Create(string service) => service.Split(':', 2) switch
    {
        ["database", var name] => new FakeDatabase(this, name),
        ["cache", var name] => new FakeCache(this, name),
        ["storage", var name] => new FakeStorage(this, name),
        ["http", var name] => new FakeHttp(this, name),
        _ => throw new InvalidOperationException($"The manifest asks for '{service}', which is no service."),
    };

    private void Run(nint work, nint state)
    {
        Interlocked.Decrement(ref _waiting);
        ((delegate* unmanaged<void*, void>)work)((void*)state);
    }

    private void Require(AbiResult result, string what)
    {
        if (result != AbiResult.Ok)
            throw new InvalidOperationException($"The library {what} ({result}): {_error ?? "it did not say why"}");
    }

    [UnmanagedCallersOnly]
    private static void* GetTable(AbiHost* host, AbiText id) => Tables.Find(Encoding.UTF8.GetString(id.AsSpan()), From(host).Options.OffersServices);

    [UnmanagedCallersOnly]
    private static void SetError(AbiHost* host, AbiText message) => From(host)._error = Encoding.UTF8.GetString(message.AsSpan());
}
