using System.Runtime.CompilerServices;
using EdgeGw.Interop;

namespace EdgeGw;

/// <summary>
/// What runs SQL: a <see cref="Database"/>, each statement by itself, or a <see cref="Transaction"/>. Parameters are <c>$1</c>, <c>$2</c>, … whatever the
/// backend. Beside <see cref="DatabaseException"/>, every method throws <see cref="HandlerError.ServiceUnavailable"/> when the database cannot answer now,
/// <see cref="HandlerError.GatewayTimeout"/> when it takes too long, and <see cref="OperationCanceledException"/> when the request is cancelled.
/// </summary>
public abstract partial class Sql : BoundService
{
    private static readonly ReplyReader<long> ReadAffected = static (_, reply) => reply.Affected;

    private static readonly ReplyReader<long[]> ReadCounts = static (_, reply) =>
    {
        var counts = new long[reply.Values.Length];
        for (var i = 0; i < counts.Length; i++)
            counts[i] = reply.Integer(i);
        return counts;
    };

    private protected Sql(Exchange exchange, Interop.Service service) : base(exchange, service)
    {
    }

    /// <summary>Null for statements by themselves.</summary>
    internal virtual OpenHandle? OpenTransaction => null;

    internal ulong TransactionId => OpenTransaction?.Id ?? 0;

    /// <summary>Runs a statement whose rows nobody reads. Allocates nothing.</summary>
    /// <returns>How many rows it inserted, updated or deleted.</returns>
    public ValueTask<long> ExecuteAsync(string sql, params ReadOnlySpan<DbValue> parameters) => DatabaseCalls.Execute(this, sql, parameters, ReadAffected);

    /// <summary>Runs statements in order; by a <see cref="Database"/> in a transaction of their own: all of them or none. At most 1000.</summary>
    /// <returns>How many rows each changed.</returns>
    public ValueTask<long[]> BatchAsync(params ReadOnlySpan<Statement> statements)
        => statements.IsEmpty ? new([]) : DatabaseCalls.Batch(this, statements, ReadCounts);

    /// <summary>The first row, or null when there is none. The row is copied.</summary>
    public ValueTask<Row?> QueryOneAsync(string sql, params ReadOnlySpan<DbValue> parameters) => DatabaseCalls.Query(this, sql, parameters, page: 1, RowPages.ReadOne);

    /// <summary>The first row as a <typeparamref name="T"/>, or its default when there is none. Allocates nothing but that.</summary>
    public ValueTask<T?> QueryOneAsync<T>(string sql, params ReadOnlySpan<DbValue> parameters) where T : IRow<T>
        => DatabaseCalls.Query(this, sql, parameters, page: 1, RowPages<T>.ReadOne);

    /// <summary>All rows, copied. Beyond <see cref="ServiceLimits.QueryRows"/> it fails: such a result is for <see cref="StreamAsync"/>.</summary>
    public ValueTask<Rows> QueryAsync(string sql, params ReadOnlySpan<DbValue> parameters)
        => AllAsync(DatabaseCalls.Query(this, sql, parameters, page: 0, RowPages.ReadAll, new ResultPages<Rows>(new Rows()) { Read = RowPages.ReadAll }));

    /// <summary>
    /// All rows, each made a <typeparamref name="T"/> straight from the gateway's memory. Beyond <see cref="ServiceLimits.QueryRows"/> it fails: such a result is for
    /// <see cref="StreamAsync{T}"/>.
    /// </summary>
    public ValueTask<List<T>> QueryAsync<T>(string sql, params ReadOnlySpan<DbValue> parameters) where T : IRow<T>
        => AllAsync(DatabaseCalls.Query(this, sql, parameters, page: 0, RowPages<T>.ReadAll, new ResultPages<List<T>>([]) { Read = RowPages<T>.ReadAll }));

    /// <summary>The rows one by one, however many, in constant memory. A row lives until the next one is asked for. The statement runs when the first one is.</summary>
    public IAsyncEnumerable<Row> StreamAsync(string sql, params ReadOnlySpan<DbValue> parameters) => Stream(sql, parameters.ToArray());

    /// <summary>The rows one by one, however many, each as a <typeparamref name="T"/>, in constant memory. The statement runs when the first one is asked for.</summary>
    public IAsyncEnumerable<T> StreamAsync<T>(string sql, params ReadOnlySpan<DbValue> parameters) where T : IRow<T> => Stream<T>(sql, parameters.ToArray());

    [AsyncMethodBuilder(typeof(InlineTaskBuilder<>))]
    private async ValueTask<T> AllAsync<T>(ValueTask<ResultPages<T>> first)
    {
        var result = await first;
        if (result.Open == 0)
            return result.Rows;
        var cursor = new OpenHandle(Exchange, Service, result.Open, "result");
        while (result.Open != 0)
        {
            if (result.Count > Exchange.Library.Environment.Limits.QueryRows)
            {
                await DatabaseCalls.Close(cursor);
                throw RowPages.TooMany(Service, Exchange.Library.Environment.Limits.QueryRows);
            }
            await DatabaseCalls.Next(cursor, result.Read, result);
        }
        return result.Rows;
    }
}
