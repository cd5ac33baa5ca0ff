using System.Runtime.InteropServices;
using System.Text;
using EdgeGw.Abi;

namespace EdgeGw.Testing.Interop;

/// <summary>The tables of functions, in memory that lives until the process ends.</summary>
internal sealed unsafe class NativeTables
{
    private readonly void* _exchange = Put(ExchangeFunctions.Table());
    private readonly void* _log = Put(new AbiLogV1 { Size = (uint)sizeof(AbiLogV1), IsEnabled = &IsEnabled, Write = &WriteLog });
    private readonly void* _schedule = Put(new AbiScheduleV1 { Size = (uint)sizeof(AbiScheduleV1), Post = &Post, PostAfter = &PostAfter });
    private readonly void* _config = Put(new AbiConfigV1 { Size = (uint)sizeof(AbiConfigV1), Get = &GetConfig });

    private readonly void* _service = Put(new AbiServiceV1 { Size = (uint)sizeof(AbiServiceV1), Find = &FindService });
    private readonly void* _database = Put(DatabaseFunctions.Table());
    private readonly void* _cache = Put(CacheFunctions.Table());
    private readonly void* _storage = Put(StorageFunctions.Table());
    private readonly void* _http = Put(HttpFunctions.Table());

    public void* Find(string id, bool offersServices) => id switch
    {
        AbiServiceV1.Id when offersServices => _service,
        AbiDatabaseV1.Id when offersServices => _database,
        AbiCacheV1.Id when offersServices => _cache,
        AbiStorageV1.Id when offersServices => _storage,
        AbiHttpV1.Id when offersServices => _http,
        AbiExchangeV1.Id => _exchange,
        AbiLogV1.Id => _log,
        AbiScheduleV1.Id => _schedule,
        AbiConfigV1.Id => _config,
        _ => null,
    };

    /// <summary>A text that lives until the process ends.</summary>
    public static AbiText* Text(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var data = (byte*)NativeMemory.Alloc((nuint)bytes.Length);
        bytes.CopyTo(new Span<byte>(data, bytes.Length));
        return (AbiText*)Put(new AbiText(data, bytes.Length));
    }

    private static void* Put<T>(T table) where T : unmanaged
    {
        var memory = (T*)NativeMemory.Alloc((nuint)sizeof(T));
        *memory = table;
        return memory;
    }

    [UnmanagedCallersOnly]
    private static uint IsEnabled(AbiHost* host, AbiLogLevel level) => level >= FakeHost.From(host).Options.LogLevel ? 1u : 0u;

    [UnmanagedCallersOnly]
    private static AbiResult WriteLog(AbiHost* host, AbiLogLevel level, ulong exchange, AbiText message)
    {
        FakeHost.From(host).Log.Enqueue(new FakeLogLine(level, FakeExchange.Find(exchange)?.RequestId, Encoding.UTF8.GetString(message.AsSpan())));
        return AbiResult.Ok;
    }

    [UnmanagedCallersOnly]
    private static AbiResult Post(AbiHost* host, delegate* unmanaged<void*, void> work, void* state)
        => FakeHost.From(host).Post(TimeSpan.Zero, work, state);

    [UnmanagedCallersOnly]
    private static AbiResult PostAfter(AbiHost* host, uint milliseconds, delegate* unmanaged<void*, void> work, void* state)
        => milliseconds > 86_400_000 ? AbiResult.InvalidArgument : FakeHost.From(host).Post(TimeSpan.FromMilliseconds(milliseconds), work, state);

    [UnmanagedCallersOnly]
    private static AbiResult GetConfig(AbiHost* host, AbiText key, AbiText* value)
        => FakeHost.From(host).TryGetConfig(Encoding.UTF8.GetString(key.AsSpan()), value) ? AbiResult.Ok : AbiResult.End;

    [UnmanagedCallersOnly]
    private static AbiResult FindService(AbiHost* host, AbiText kind, AbiText name, ulong* service)
        => FakeHost.From(host).TryFind(ServiceDoor.Text(kind), ServiceDoor.Text(name), out *service) ? AbiResult.Ok : AbiResult.NotBound;
}
