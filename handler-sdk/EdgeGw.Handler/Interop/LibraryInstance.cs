using System.Text;
using EdgeGw.Abi;

namespace EdgeGw.Interop;

/// <summary>One library as one gateway loaded it: the gateway's tables, and what hangs on them. Lives until the process ends.</summary>
internal sealed unsafe class LibraryInstance
{
    private readonly AbiLogV1* _log;
    private readonly AbiScheduleV1* _schedule;
    private readonly AbiConfigV1* _config;

    public LibraryInstance(AbiHost* host, HandlerLibrary handlers)
    {
        Host = host;
        Handlers = handlers;
        Exchanges = (AbiExchangeV1*)Table(AbiExchangeV1.Id, (uint)sizeof(AbiExchangeV1));
        _log = (AbiLogV1*)Table(AbiLogV1.Id, (uint)sizeof(AbiLogV1));
        _schedule = (AbiScheduleV1*)Table(AbiScheduleV1.Id, (uint)sizeof(AbiScheduleV1));
        _config = (AbiConfigV1*)Table(AbiConfigV1.Id, (uint)sizeof(AbiConfigV1));
        Services = new ServiceTables(host);
        Synchronization = new GatewaySynchronizationContext(this);
        Environment = new HandlerEnvironment(new Log(this), new Config(this));
        HeapFigures.Provide(host);
    }

    public AbiHost* Host { get; }

    public AbiExchangeV1* Exchanges { get; }

    public HandlerLibrary Handlers { get; }

    public ServiceTables Services { get; }

    public GatewaySynchronizationContext Synchronization { get; }

    public HandlerEnvironment Environment { get; }

    public string? ReadConfig(string key)
    {
        AbiText value;
        var bytes = Encoding.UTF8.GetBytes(key);
        fixed (byte* data = bytes)
        {
            var result = _config->Get(Host, new AbiText(data, bytes.Length), &value);
            return result == AbiResult.Ok ? Encoding.UTF8.GetString(value.AsSpan()) : null;
        }
    }

    public bool IsLogEnabled(LogLevel level) => _log->IsEnabled(Host, (AbiLogLevel)level) != 0;

    public void WriteLog(LogLevel level, Exchange? exchange, string message)
    {
        var bytes = Encoding.UTF8.GetBytes(message);
        fixed (byte* data = bytes)
            _ = _log->Write(Host, (AbiLogLevel)level, exchange?.Id ?? 0, new AbiText(data, bytes.Length)); // a dropped line is counted by the gateway
    }

    /// <summary>Runs <paramref name="work"/> soon on a gateway thread; false when the gateway refused it and it will not run.</summary>
    public bool Post(delegate* unmanaged<void*, void> work, nint state) => _schedule->Post(Host, work, (void*)state) >= AbiResult.Ok;

    /// <summary>The same after some milliseconds, at most a day.</summary>
    public bool PostAfter(uint milliseconds, delegate* unmanaged<void*, void> work, nint state)
        => _schedule->PostAfter(Host, milliseconds, work, (void*)state) >= AbiResult.Ok;

    public ValueTask DelayAsync(TimeSpan delay, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled(cancellationToken);
        return delay == TimeSpan.Zero ? default : DelayOperation.Start(this, delay, cancellationToken);
    }

    private void* Table(string id, uint size)
    {
        var bytes = Encoding.UTF8.GetBytes(id);
        fixed (byte* data = bytes)
        {
            var table = Host->GetTable(Host, new AbiText(data, bytes.Length));
            // Every table begins with its size; this library uses all of version 1 of each.
            if (table is null || *(uint*)table < size)
                throw new InvalidOperationException($"This gateway does not offer all of {id}, which EdgeGw.Handler needs. Use a newer gateway.");
            return table;
        }
    }
}
