using System.Text;
using EdgeGw.Abi;

namespace EdgeGw.Interop;

/// <summary>Makes a result of a reply that is no error, on the gateway's thread, while the reply lives. Must not wait.</summary>
internal delegate T ReplyReader<out T>(ServiceCall call, scoped Reply reply);

/// <summary>What a service call came to, in the gateway's own memory.</summary>
internal readonly unsafe ref struct Reply(AbiReply* reply)
{
    /// <summary>False when this is not what version 1 of the services replies.</summary>
    public bool IsWhole => reply is not null && reply->Size >= sizeof(AbiReply);

    public AbiResult Result => reply->Result;

    /// <summary>Nothing there, or a condition that did not hold.</summary>
    public bool IsEnd => reply->Result == AbiResult.End;

    public string Error => Encoding.UTF8.GetString(reply->Error.AsSpan());

    public string Code => Encoding.UTF8.GetString(reply->Code.AsSpan());

    public ReadOnlySpan<AbiValue> Values => new(reply->Values, checked((int)reply->ValueCount));

    /// <summary>The first value.</summary>
    public AbiValue* Pointer => reply->Values;

    public int RowCount => checked((int)reply->RowCount);

    public long Affected => checked((long)reply->Affected);

    public ulong Open => reply->Open;

    /// <summary>The columns' names; empty when the reply has none.</summary>
    public ReadOnlySpan<AbiText> Names => new(reply->Names, reply->Names is null ? 0 : checked((int)reply->NameCount));

    /// <summary>The bytes of a value; empty when there is no such value, or it is NULL.</summary>
    public ReadOnlySpan<byte> Bytes(int index) => (uint)index < reply->ValueCount && IsText(reply->Values[index].Kind) ? reply->Values[index].AsSpan() : default;

    /// <summary>True when there is such a value, and it is not NULL.</summary>
    public bool Has(int index) => (uint)index < reply->ValueCount && reply->Values[index].Kind != AbiValueKind.Null;

    /// <summary>The whole number of a value; 0 when there is none.</summary>
    public long Integer(int index) => Has(index) && !IsText(reply->Values[index].Kind) ? reply->Values[index].As.Integer : 0;

    public string Text(int index) => Encoding.UTF8.GetString(Bytes(index));

    private static bool IsText(AbiValueKind kind) => kind is AbiValueKind.Text or AbiValueKind.Blob or AbiValueKind.Json or AbiValueKind.Other or AbiValueKind.Numeric;
}
