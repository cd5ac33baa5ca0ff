using System.Runtime.InteropServices;

namespace EdgeGw.Abi;

/// <summary>Mirror of <c>EDGEGW_ISOLATION_*</c>: how much of other transactions a transaction sees.</summary>
public enum AbiIsolation : uint
{
    /// <summary>The backend's own.</summary>
    Default = 0,
    /// <summary>Each statement sees what was committed before it.</summary>
    ReadCommitted = 1,
    /// <summary>All statements see one snapshot.</summary>
    RepeatableRead = 2,
    /// <summary>As if one after the other.</summary>
    Serializable = 3,
}

/// <summary>Mirror of <c>EDGEGW_TRANSACTION_*</c>.</summary>
[Flags]
public enum AbiTransactionFlags : uint
{
    /// <summary>Nothing special.</summary>
    None = 0,
    /// <summary>It writes nothing.</summary>
    ReadOnly = 1,
}

/// <summary>Mirror of <c>edgegw_statement</c>: a statement and its parameters.</summary>
[StructLayout(LayoutKind.Sequential)]
public unsafe struct AbiStatement
{
    /// <summary>The statement.</summary>
    public AbiText Sql;
    /// <summary>$1 is the first.</summary>
    public AbiValue* Parameters;
    /// <summary>How many.</summary>
    public nuint ParameterCount;
}

/// <summary>Mirror of <c>edgegw_database_v1</c>: SQL.</summary>
[StructLayout(LayoutKind.Sequential)]
public unsafe struct AbiDatabaseV1
{
    /// <summary>The id of this table.</summary>
    public const string Id = "edgegw.database.v1";

    /// <summary>Bytes of this table as the gateway knows it.</summary>
    public uint Size;
    /// <summary>Zero.</summary>
    public uint Reserved;
    /// <summary><c>query</c></summary>
    public delegate* unmanaged<ulong, ulong, ulong, AbiStatement*, uint, delegate* unmanaged<void*, AbiReply*, void>, void*, AbiResult> Query;
    /// <summary><c>next</c></summary>
    public delegate* unmanaged<ulong, ulong, delegate* unmanaged<void*, AbiReply*, void>, void*, AbiResult> Next;
    /// <summary><c>close</c></summary>
    public delegate* unmanaged<ulong, ulong, delegate* unmanaged<void*, AbiReply*, void>, void*, AbiResult> Close;
    /// <summary><c>execute</c></summary>
    public delegate* unmanaged<ulong, ulong, ulong, AbiStatement*, delegate* unmanaged<void*, AbiReply*, void>, void*, AbiResult> Execute;
    /// <summary><c>batch</c></summary>
    public delegate* unmanaged<ulong, ulong, ulong, AbiStatement*, nuint, delegate* unmanaged<void*, AbiReply*, void>, void*, AbiResult> Batch;
    /// <summary><c>begin</c></summary>
    public delegate* unmanaged<ulong, ulong, AbiIsolation, AbiTransactionFlags, delegate* unmanaged<void*, AbiReply*, void>, void*, AbiResult> Begin;
    /// <summary><c>commit</c></summary>
    public delegate* unmanaged<ulong, ulong, delegate* unmanaged<void*, AbiReply*, void>, void*, AbiResult> Commit;
}
