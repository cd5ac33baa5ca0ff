using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;
using EdgeGw.Abi;

namespace EdgeGw.Tests.Interop;

/// <summary>The least gateway there can be: it allocates nothing, so that what is allocated is the SDK's and the handler's.</summary>
internal sealed unsafe class BareHost
{
    private static readonly byte* Room = (byte*)NativeMemory.Alloc(4096);
    private static readonly AbiExchangeV1* Exchanges = Put(new AbiExchangeV1
    {
        Size = (uint)sizeof(AbiExchangeV1),
        Property = &Property,
        ResponseStatus = &Status,
        ResponseHeader = &Header,
        ResponseSpan = &Span,
        ResponseAdvance = &Advance,
        ResponseWrite = &Write,
        Complete = &Complete,
    });

    private static readonly AbiLogV1* Logs = Put(new AbiLogV1 { Size = (uint)sizeof(AbiLogV1), IsEnabled = &IsEnabled });
    private static readonly AbiScheduleV1* Schedules = Put(new AbiScheduleV1 { Size = (uint)sizeof(AbiScheduleV1) });
    private static readonly AbiConfigV1* Configs = Put(new AbiConfigV1 { Size = (uint)sizeof(AbiConfigV1), Get = &Config });

    private readonly AbiHandler* _handler;
    private readonly void* _instance;
    private readonly AbiRequest* _request;

    public BareHost(Type library, string method, string parameter)
    {
        var entry = library.Assembly.GetTypes().SelectMany(t => t.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
            .First(m => m.GetCustomAttribute<UnmanagedCallersOnlyAttribute>()?.EntryPoint == AbiVersion.EntrySymbol).MethodHandle.GetFunctionPointer();
        var host = Put(new AbiHost { Size = (uint)sizeof(AbiHost), AbiMajor = AbiVersion.Major, AbiMinor = AbiVersion.Minor, GetTable = &GetTable, SetError = &SetError });
        _handler = ((delegate* unmanaged<AbiHost*, AbiHandler*>)entry)(host);
        void* instance = null;
        Assert.That(_handler->Init(host, &instance), Is.EqualTo(AbiResult.Ok));
        _instance = instance;
        _request = Put(new AbiRequest
        {
            Size = (uint)sizeof(AbiRequest),
            Exchange = 1,
            Method = *Text(method),
            Parameters = Text(parameter),
            ParameterCount = 1,
            ContentLength = 0,
            Cancelled = Put(0u),
        });
    }

    /// <summary>What one call allocates on average, after the first thousand.</summary>
    /// <param name="route">The route.</param>
    /// <param name="result">What handle() gives: pending, when the gateway knew an address of the library's.</param>
    public double BytesPerCall(uint route, AbiResult result = AbiResult.Ok)
    {
        for (var i = 0; i < 1000; i++)
            Assert.That(_handler->Handle(_instance, route, _request), Is.EqualTo(result));
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
            _handler->Handle(_instance, route, _request);
        return (GC.GetAllocatedBytesForCurrentThread() - before) / 1000.0;
    }

    internal static T* Put<T>(T value) where T : unmanaged
    {
        var memory = (T*)NativeMemory.Alloc((nuint)sizeof(T)); // as a gateway's tables: until the process ends
        *memory = value;
        return memory;
    }

    internal static AbiText* Text(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var data = (byte*)NativeMemory.Alloc((nuint)bytes.Length);
        bytes.CopyTo(new Span<byte>(data, bytes.Length));
        return Put(new AbiText(data, bytes.Length));
    }

    [UnmanagedCallersOnly]
    private static void* GetTable(AbiHost* host, AbiText id) => Encoding.UTF8.GetString(id.AsSpan()) switch
    {
        AbiExchangeV1.Id => Exchanges,
        AbiLogV1.Id => Logs,
        AbiScheduleV1.Id => Schedules,
        AbiConfigV1.Id => Configs,
        var other => BareServices.Table(other),
    };

    [UnmanagedCallersOnly]
    private static void SetError(AbiHost* host, AbiText message) => TestContext.Out.WriteLine(Encoding.UTF8.GetString(message.AsSpan()));

    [UnmanagedCallersOnly]
    private static AbiResult Property(ulong id, AbiProperty property, AbiText* value) => AbiResult.Unsupported;

    [UnmanagedCallersOnly]
    private static AbiResult Status(ulong id, uint status) => AbiResult.Ok;

    [UnmanagedCallersOnly]
    private static AbiResult Header(ulong id, AbiText name, AbiText value) => AbiResult.Ok;

    [UnmanagedCallersOnly]
    private static AbiResult Span(ulong id, nuint hint, AbiSpan* span)
    {
        *span = new AbiSpan { Data = Room, Length = 4096 };
        return AbiResult.Ok;
    }

    [UnmanagedCallersOnly]
    private static AbiResult Advance(ulong id, nuint written) => AbiResult.Ok;

    [UnmanagedCallersOnly]
    private static AbiResult Write(ulong id, AbiText bytes) => AbiResult.Ok;

    [UnmanagedCallersOnly]
    private static AbiResult Complete(ulong id, AbiResult outcome) => outcome;

    [UnmanagedCallersOnly]
    private static uint IsEnabled(AbiHost* host, AbiLogLevel level) => 0;

    [UnmanagedCallersOnly]
    private static AbiResult Config(AbiHost* host, AbiText key, AbiText* value) => AbiResult.End;
}
