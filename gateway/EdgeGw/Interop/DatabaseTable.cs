using System.Runtime.InteropServices;
using EdgeGw.Abi;
using EdgeGw.Epochs;
using EdgeGw.Pipeline;
using EdgeGw.Services;
using EdgeGw.Services.Database;

namespace EdgeGw.Interop;

/// <summary>The functions of <c>edgegw_database_v1</c>: each copies its arguments into a pooled call and gives it to the service's actor, or to the transaction or cursor it names.</summary>
internal static unsafe class DatabaseTable
{
    private const int MaxParameters = 1000;
    private const int MaxStatements = 1000;

    private static readonly AbiDatabaseV1* s_table = Create();

    /// <summary>The table; lives as long as the process.</summary>
    public static void* Pointer => s_table;

    private static AbiDatabaseV1* Create()
    {
        var table = (AbiDatabaseV1*)NativeMemory.AllocZeroed((nuint)sizeof(AbiDatabaseV1));
        table->Size = (uint)sizeof(AbiDatabaseV1);
        table->Query = &Query;
        table->Next = &Next;
        table->Close = &Close;
        table->Execute = &Execute;
        table->Batch = &Batch;
        table->Begin = &Begin;
        table->Commit = &Commit;
        return table;
    }

    private static bool AreValid(AbiStatement* statements, nuint count)
    {
        var budget = ValueArguments.MostValues;
        for (nuint i = 0; i < count; i++)
        {
            ref readonly var statement = ref statements[i];
            if (statement.Sql.Data is null || ServiceTable.IsInvalid(statement.Sql) || statement.ParameterCount > MaxParameters
                || !ValueArguments.AreValid(statement.Parameters, statement.ParameterCount, ref budget))
            {
                return false;
            }
        }
        return true;
    }

    private static AbiResult Run(ulong exchangeId, ulong service, ulong open, DatabaseOperation operation, AbiStatement* statements, nuint count, uint page,
        delegate* unmanaged<void*, AbiReply*, void> replied, void* state)
    {
        if (replied is null || statements is null || count is 0 or > MaxStatements || !AreValid(statements, count))
        {
            return AbiResult.InvalidArgument;
        }
        Exchange exchange;
        ServiceBinding binding;
        DatabaseTransaction? transaction = null;
        var entered = open == 0
            ? ServiceTable.Enter(exchangeId, service, ServiceKinds.Database, out exchange, out binding)
            : Enter(exchangeId, open, out exchange, out transaction, out binding);
        if (entered != AbiResult.Ok)
        {
            return entered;
        }
        var call = CallPool<DatabaseCall>.Rent();
        call.Operation = operation;
        call.Page = page;
        call.Transaction = transaction;
        for (nuint i = 0; i < count; i++)
        {
            ref readonly var statement = ref statements[i];
            for (nuint j = 0; j < statement.ParameterCount; j++)
            {
                call.AddParameter(ValueArguments.Copy(statement.Parameters[j], call.Arguments));
            }
            call.AddStatement(statement.Sql.AsSpan(), (int)statement.ParameterCount);
        }
        return transaction is null
            ? ServiceTable.Start(exchange, exchangeId, binding, call, new RepliedCallback(replied, state))
            : ServiceTable.Start(exchange, exchangeId, binding, transaction, call, new RepliedCallback(replied, state));
    }

    private static AbiResult Enter(ulong exchangeId, ulong open, out Exchange exchange, out DatabaseTransaction? transaction, out ServiceBinding binding)
    {
        (transaction, binding) = (null, null!);
        var entered = ServiceTable.Enter<DatabaseTransaction>(exchangeId, open, out exchange, out var found);
        if (entered != AbiResult.Ok)
        {
            return entered;
        }
        if (!found.HasCursor)
        {
            (transaction, binding) = (found, found.Binding);
            return AbiResult.Ok;
        }
        exchange.Exit(exchangeId);
        return AbiResult.Busy;
    }

    private static AbiResult Continue(ulong exchangeId, ulong open, DatabaseOperation operation, delegate* unmanaged<void*, AbiReply*, void> replied, void* state)
    {
        if (replied is null)
        {
            return AbiResult.InvalidArgument;
        }
        var entered = ServiceTable.Enter<ServiceOpen>(exchangeId, open, out var exchange, out var found);
        if (entered != AbiResult.Ok)
        {
            return entered;
        }
        var (session, binding, isCursor) = found switch
        {
            DatabaseCursor cursor => ((ServiceSession)cursor, cursor.Binding, true),
            TransactionCursor cursor => (cursor.Transaction, cursor.Transaction.Binding, true),
            DatabaseTransaction transaction => (transaction, transaction.Binding, false),
            _ => (null, null, false),
        };
        if (session is null || operation == (isCursor ? DatabaseOperation.Commit : DatabaseOperation.Next))
        {
            exchange.Exit(exchangeId);
            return AbiResult.InvalidState;
        }
        var call = CallPool<DatabaseCall>.Rent();
        call.Operation = operation;
        call.Cursor = isCursor ? found : null;
        call.Transaction = session as DatabaseTransaction;
        return ServiceTable.Start(exchange, exchangeId, binding!, session!, call, new RepliedCallback(replied, state));
    }

    [UnmanagedCallersOnly]
    private static AbiResult Query(ulong exchange, ulong service, ulong transaction, AbiStatement* statement, uint page, delegate* unmanaged<void*, AbiReply*, void> replied, void* state) =>
        Run(exchange, service, transaction, DatabaseOperation.Query, statement, 1, page, replied, state);

    [UnmanagedCallersOnly]
    private static AbiResult Next(ulong exchange, ulong cursor, delegate* unmanaged<void*, AbiReply*, void> replied, void* state) =>
        Continue(exchange, cursor, DatabaseOperation.Next, replied, state);

    [UnmanagedCallersOnly]
    private static AbiResult Close(ulong exchange, ulong open, delegate* unmanaged<void*, AbiReply*, void> replied, void* state) =>
        Continue(exchange, open, DatabaseOperation.Close, replied, state);

    [UnmanagedCallersOnly]
    private static AbiResult Execute(ulong exchange, ulong service, ulong transaction, AbiStatement* statement, delegate* unmanaged<void*, AbiReply*, void> replied, void* state) =>
        Run(exchange, service, transaction, DatabaseOperation.Execute, statement, 1, 0, replied, state);

    [UnmanagedCallersOnly]
    private static AbiResult Batch(ulong exchange, ulong service, ulong transaction, AbiStatement* statements, nuint count, delegate* unmanaged<void*, AbiReply*, void> replied, void* state) =>
        Run(exchange, service, transaction, DatabaseOperation.Batch, statements, count, 0, replied, state);

    [UnmanagedCallersOnly]
    private static AbiResult Begin(ulong exchangeId, ulong service, AbiIsolation isolation, AbiTransactionFlags flags, delegate* unmanaged<void*, AbiReply*, void> replied, void* state)
    {
        if (replied is null || isolation > AbiIsolation.Serializable || (flags & ~AbiTransactionFlags.ReadOnly) != 0)
        {
            return AbiResult.InvalidArgument;
        }
        var entered = ServiceTable.Enter(exchangeId, service, ServiceKinds.Database, out var exchange, out var binding);
        if (entered != AbiResult.Ok)
        {
            return entered;
        }
        var call = CallPool<DatabaseCall>.Rent();
        call.Operation = DatabaseOperation.Begin;
        call.Mode = (isolation, flags.HasFlag(AbiTransactionFlags.ReadOnly));
        return ServiceTable.Start(exchange, exchangeId, binding, call, new RepliedCallback(replied, state));
    }

    [UnmanagedCallersOnly]
    private static AbiResult Commit(ulong exchange, ulong transaction, delegate* unmanaged<void*, AbiReply*, void> replied, void* state) =>
        Continue(exchange, transaction, DatabaseOperation.Commit, replied, state);
}
