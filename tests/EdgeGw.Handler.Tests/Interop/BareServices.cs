using System.Runtime.InteropServices;
using System.Text;
using EdgeGw.Abi;

namespace EdgeGw.Tests.Interop;

/// <summary>The least services there can be: each replies before the call returns, with what lies there, and allocates nothing.</summary>
internal static unsafe class BareServices
{
    private static readonly AbiServiceV1* Finder = BareHost.Put(new AbiServiceV1 { Size = (uint)sizeof(AbiServiceV1), Find = &Find });
    private static readonly AbiCacheV1* Caches = BareHost.Put(new AbiCacheV1 { Size = (uint)sizeof(AbiCacheV1), Get = &Get });
    private static readonly AbiDatabaseV1* Databases = BareHost.Put(new AbiDatabaseV1 { Size = (uint)sizeof(AbiDatabaseV1), Query = &Query, Execute = &Execute });
    private static readonly AbiReply* Value = BareHost.Put(new AbiReply { Size = (uint)sizeof(AbiReply), Values = Text("value"), ValueCount = 1 });
    private static readonly AbiReply* Changed = BareHost.Put(new AbiReply { Size = (uint)sizeof(AbiReply), Affected = 1 });
    private static readonly AbiReply* Row = MakeRow();

    public static void* Table(string id) => id switch
    {
        AbiServiceV1.Id => Finder,
        AbiCacheV1.Id => Caches,
        AbiDatabaseV1.Id => Databases,
        _ => null,
    };

    private static AbiReply* MakeRow()
    {
        var values = (AbiValue*)NativeMemory.AllocZeroed(2, (nuint)sizeof(AbiValue));
        values[0] = new AbiValue { Kind = AbiValueKind.Int64, As = { Integer = 7 } };
        values[1] = new AbiValue { Kind = AbiValueKind.Double, As = { Real = 0.5 } };
        var names = (AbiText*)NativeMemory.AllocZeroed(2, (nuint)sizeof(AbiText));
        names[0] = *BareHost.Text("id");
        names[1] = *BareHost.Text("weight");
        return BareHost.Put(new AbiReply { Size = (uint)sizeof(AbiReply), Values = values, ValueCount = 2, RowCount = 1, Names = names, NameCount = 2 });
    }

    private static AbiValue* Text(string text)
    {
        var bytes = BareHost.Text(text);
        return BareHost.Put(new AbiValue { Kind = AbiValueKind.Blob, Length = (uint)Encoding.UTF8.GetByteCount(text), As = { Data = bytes->Data } });
    }

    [UnmanagedCallersOnly]
    private static AbiResult Find(AbiHost* host, AbiText kind, AbiText name, ulong* service)
    {
        *service = 1;
        return AbiResult.Ok;
    }

    [UnmanagedCallersOnly]
    private static AbiResult Get(ulong exchange, ulong service, AbiText key, delegate* unmanaged<void*, AbiReply*, void> replied, void* state)
    {
        replied(state, Value);
        return AbiResult.Pending;
    }

    [UnmanagedCallersOnly]
    private static AbiResult Query(ulong exchange, ulong service, ulong transaction, AbiStatement* statement, uint page, delegate* unmanaged<void*, AbiReply*, void> replied, void* state)
    {
        replied(state, Row);
        return AbiResult.Pending;
    }

    [UnmanagedCallersOnly]
    private static AbiResult Execute(ulong exchange, ulong service, ulong transaction, AbiStatement* statement, delegate* unmanaged<void*, AbiReply*, void> replied, void* state)
    {
        replied(state, Changed);
        return AbiResult.Pending;
    }
}
