using System.Runtime.CompilerServices;
using EdgeGw.Abi;

namespace EdgeGw.Services.Database;

/// <summary>What a call of a database asks for.</summary>
internal enum DatabaseOperation
{
    /// <summary><c>query</c></summary>
    Query,
    /// <summary><c>next</c></summary>
    Next,
    /// <summary><c>close</c></summary>
    Close,
    /// <summary><c>execute</c></summary>
    Execute,
    /// <summary><c>batch</c></summary>
    Batch,
    /// <summary><c>begin</c></summary>
    Begin,
    /// <summary><c>commit</c></summary>
    Commit,
}

/// <summary>One call of a database, with its arguments copied out of the handler's memory.</summary>
internal sealed class DatabaseCall : ServiceCall
{
    private const int KeptParameters = 64;

    private ServiceValue[] _parameters = new ServiceValue[8];
    private int _parameterCount;

    /// <summary>What it asks for.</summary>
    public DatabaseOperation Operation { get; set; }

    /// <inheritdoc/>
    public override string OperationName => OperationNames<DatabaseOperation>.Of((int)Operation);

    /// <summary>The bytes of all arguments.</summary>
    public ArgumentBuffer Arguments { get; } = new();

    /// <summary>The statements: one, except for a batch.</summary>
    public List<DatabaseStatement> Statements { get; } = [];

    /// <summary>The most rows in one reply; 0 for as many as the size allows.</summary>
    public uint Page { get; set; }

    /// <summary>How a transaction begins.</summary>
    public (AbiIsolation Isolation, bool ReadOnly) Mode { get; set; }

    /// <summary>The transaction it belongs to.</summary>
    public DatabaseTransaction? Transaction { get; set; }

    /// <summary>The cursor it goes to.</summary>
    public ServiceOpen? Cursor { get; set; }

    /// <summary>Adds a parameter of the statement that comes next.</summary>
    public void AddParameter(ServiceValue value)
    {
        if (_parameterCount == _parameters.Length)
        {
            // Statements added before go on with the old array.
            Array.Resize(ref _parameters, _parameterCount * 2);
        }
        _parameters[_parameterCount++] = value;
    }

    /// <summary>Adds a statement, with the last <paramref name="count"/> parameters.</summary>
    public void AddStatement(ReadOnlySpan<byte> sql, int count) =>
        Statements.Add(new DatabaseStatement(Arguments.Copy(sql), new ReadOnlyMemory<ServiceValue>(_parameters, _parameterCount - count, count)));

    /// <inheritdoc/>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public override async ValueTask<bool> RunAsync(IServiceBackend backend, CancellationToken cancellationToken)
    {
        var database = (IDatabaseBackend)backend;
        switch (this)
        {
            case { Cursor: DatabaseCursor cursor }:
                await cursor.RunAsync(this, cancellationToken).ConfigureAwait(false);
                break;
            case { Transaction: { } transaction }:
                await transaction.RunAsync(this, cancellationToken).ConfigureAwait(false);
                break;
            case { Operation: DatabaseOperation.Query }:
                await QueryAsync(database, cancellationToken).ConfigureAwait(false);
                break;
            case { Operation: DatabaseOperation.Begin }:
                await BeginAsync(database, cancellationToken).ConfigureAwait(false);
                break;
            default:
                await ExecuteAsync(database, cancellationToken).ConfigureAwait(false);
                break;
        }
        return true;
    }

    /// <inheritdoc/>
    protected override void Recycle()
    {
        Statements.Clear();
        Arguments.Clear();
        Array.Clear(_parameters, 0, _parameterCount);
        if (_parameters.Length > KeptParameters)
        {
            _parameters = new ServiceValue[8];
        }
        _parameterCount = 0;
        (Page, Mode, Transaction, Cursor) = (0, default, null, null);
        CallPool<DatabaseCall>.Return(this);
    }

    private async ValueTask QueryAsync(IDatabaseBackend database, CancellationToken cancellationToken)
    {
        var connection = await database.RentAsync(cancellationToken).ConfigureAwait(false);
        var rows = default(DatabaseRows);
        var cursor = default(DatabaseCursor);
        try
        {
            rows = await connection.QueryAsync(Statements[0], cancellationToken).ConfigureAwait(false);
            if (await rows.WritePageAsync(Reply, Page, database.MaxRowBytes, cancellationToken).ConfigureAwait(false))
            {
                var opened = new DatabaseCursor(Binding, connection, rows, Page, database.MaxRowBytes);
                Scope.Add(opened, ExchangeId);
                cursor = opened;
            }
        }
        finally
        {
            if (cursor is null)
            {
                if (rows is not null)
                {
                    await rows.CloseAsync().ConfigureAwait(false);
                }
                await connection.ReturnAsync().ConfigureAwait(false);
            }
        }
        if (cursor is not null)
        {
            await ServeAsync(cursor, database).ConfigureAwait(false);
        }
    }

    private async ValueTask BeginAsync(IDatabaseBackend database, CancellationToken cancellationToken)
    {
        var connection = await database.RentAsync(cancellationToken).ConfigureAwait(false);
        var transaction = default(DatabaseTransaction);
        try
        {
            await connection.BeginAsync(Mode.Isolation, Mode.ReadOnly, cancellationToken).ConfigureAwait(false);
            var opened = new DatabaseTransaction(Binding, connection, database.MaxRowBytes);
            Scope.Add(opened, ExchangeId);
            transaction = opened;
        }
        finally
        {
            if (transaction is null)
            {
                await connection.RollbackAsync().ConfigureAwait(false);
                await connection.ReturnAsync().ConfigureAwait(false);
            }
        }
        await ServeAsync(transaction, database).ConfigureAwait(false);
    }

    // From here on the call is what keeps the actor's lane busy; its own answer is given at once.
    private async ValueTask ServeAsync(ServiceSession session, IDatabaseBackend database)
    {
        var scope = Scope;
        Reply.Open = session.Id;
        // When the clock or the request's end was first, the handler will never know what was opened.
        using var late = Cancellation.UnsafeRegister(static session => ((ServiceSession)session!).Abandon(), session);
        Answer();
        Reply.Reset();
        await session.ServeAsync(database, scope).ConfigureAwait(false);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask ExecuteAsync(IDatabaseBackend database, CancellationToken cancellationToken)
    {
        var connection = await database.RentAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (Operation == DatabaseOperation.Batch)
            {
                await connection.ExecuteManyAsync(Statements, Reply, cancellationToken).ConfigureAwait(false);
            }
            else
            {
                Reply.Affected = (ulong)await connection.ExecuteAsync(Statements[0], cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            await connection.ReturnAsync().ConfigureAwait(false);
        }
    }
}
