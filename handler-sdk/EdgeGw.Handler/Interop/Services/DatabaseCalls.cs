using EdgeGw.Abi;

namespace EdgeGw.Interop;

/// <summary>The functions of <c>edgegw.database.v1</c>.</summary>
internal static unsafe class DatabaseCalls
{
    private static readonly ReplyReader<bool> Done = static (_, _) => true;

    public static ValueTask<T> Query<T>(Sql sql, string statement, ReadOnlySpan<DbValue> parameters, uint page, ReplyReader<T> read, object? argument = null)
    {
        var arena = NativeArena.Current;
        using var frame = arena.Enter();
        var native = ValueWriter.Statement(arena, statement, parameters);
        var transaction = sql.TransactionId;
        var call = ServiceCall<T>.Rent(sql.Exchange, sql.Service, read, sql.OpenTransaction);
        call.Argument = argument;
        return call.Started(Table(sql)->Query(sql.Exchange.Id, sql.Service.Id, transaction, &native, page, ServiceCall.Replied, call.State));
    }

    public static ValueTask<T> Next<T>(OpenHandle cursor, ReplyReader<T> read, object? argument)
    {
        var id = cursor.Id;
        var call = ServiceCall<T>.Rent(cursor.Exchange, cursor.Service, read, cursor);
        call.Argument = argument;
        return call.Started(cursor.Service.Tables.Database->Next(cursor.Exchange.Id, id, ServiceCall.Replied, call.State));
    }

    public static ValueTask<long> Execute(Sql sql, string statement, ReadOnlySpan<DbValue> parameters, ReplyReader<long> read)
    {
        var arena = NativeArena.Current;
        using var frame = arena.Enter();
        var native = ValueWriter.Statement(arena, statement, parameters);
        var transaction = sql.TransactionId;
        var call = ServiceCall<long>.Rent(sql.Exchange, sql.Service, read, sql.OpenTransaction);
        return call.Started(Table(sql)->Execute(sql.Exchange.Id, sql.Service.Id, transaction, &native, ServiceCall.Replied, call.State));
    }

    public static ValueTask<long[]> Batch(Sql sql, ReadOnlySpan<Statement> statements, ReplyReader<long[]> read)
    {
        var arena = NativeArena.Current;
        using var frame = arena.Enter();
        var native = arena.Allocate<AbiStatement>(statements.Length);
        for (var i = 0; i < statements.Length; i++)
            native[i] = ValueWriter.Statement(arena, statements[i].Sql, statements[i].Parameters);
        var transaction = sql.TransactionId;
        var call = ServiceCall<long[]>.Rent(sql.Exchange, sql.Service, read, sql.OpenTransaction);
        return call.Started(Table(sql)->Batch(sql.Exchange.Id, sql.Service.Id, transaction, native, (nuint)statements.Length, ServiceCall.Replied, call.State));
    }

    public static ValueTask<T> Begin<T>(Database database, AbiIsolation isolation, AbiTransactionFlags flags, ReplyReader<T> read)
    {
        var call = ServiceCall<T>.Rent(database.Exchange, database.Service, read);
        return call.Started(Table(database)->Begin(database.Exchange.Id, database.Service.Id, isolation, flags, ServiceCall.Replied, call.State));
    }

    /// <summary>Commits; the transaction is over from now on.</summary>
    public static ValueTask Commit(OpenHandle transaction)
    {
        var id = transaction.Id;
        var call = ServiceCall<bool>.Rent(transaction.Exchange, transaction.Service, Done, transaction);
        transaction.Close();
        return call.StartedVoid(transaction.Service.Tables.Database->Commit(transaction.Exchange.Id, id, ServiceCall.Replied, call.State));
    }

    /// <summary>Ends a cursor, or a transaction by rollback.</summary>
    public static ValueTask Close(OpenHandle open)
    {
        var id = open.Id;
        var call = ServiceCall<bool>.Rent(open.Exchange, open.Service, Done, open);
        open.Close();
        return call.StartedVoid(open.Service.Tables.Database->Close(open.Exchange.Id, id, ServiceCall.Replied, call.State));
    }

    /// <summary>Ends a cursor that nobody reads on, without waiting.</summary>
    public static void CloseForgotten(ServiceCall of, ulong cursor)
    {
        var call = ServiceCall<bool>.Rent(of.Exchange, of.Service, Done);
        call.Forget();
        call.StartedForgotten(of.Service.Tables.Database->Close(of.Exchange.Id, cursor, ServiceCall.Replied, call.State));
    }

    private static AbiDatabaseV1* Table(Sql sql) => sql.Service.Tables.Database;
}
