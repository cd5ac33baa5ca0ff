using System.Runtime.CompilerServices;
using EdgeGw.Interop;

namespace EdgeGw;

/// <content>Results row by row. Who stops early, or fails, closes the cursor.</content>
public abstract partial class Sql
{
    private async IAsyncEnumerable<Row> Stream(string sql, DbValue[] parameters, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var result = new ResultPages<Page>(new Page()) { Read = RowPages.ReadNext };
        await DatabaseCalls.Query(this, sql, parameters, page: 0, result.Read, result);
        var cursor = result.Open == 0 ? null : new OpenHandle(Exchange, Service, result.Open, "result");
        try
        {
            while (true)
            {
                for (var i = 0; i < result.Rows.RowCount; i++)
                    yield return new Row(result.Rows, i);
                if (result.Open == 0)
                    break;
                cancellationToken.ThrowIfCancellationRequested();
                await DatabaseCalls.Next(cursor!, result.Read, result);
            }
        }
        finally
        {
            await CloseAsync(cursor, result.Open);
        }
    }

    private async IAsyncEnumerable<T> Stream<T>(string sql, DbValue[] parameters, [EnumeratorCancellation] CancellationToken cancellationToken = default)
        where T : IRow<T>
    {
        cancellationToken.ThrowIfCancellationRequested();
        var result = new ResultPages<List<T>>([]) { Read = RowPages<T>.ReadNext };
        await DatabaseCalls.Query(this, sql, parameters, page: 0, result.Read, result);
        var cursor = result.Open == 0 ? null : new OpenHandle(Exchange, Service, result.Open, "result");
        try
        {
            while (true)
            {
                foreach (var row in result.Rows)
                    yield return row;
                if (result.Open == 0)
                    break;
                cancellationToken.ThrowIfCancellationRequested();
                await DatabaseCalls.Next(cursor!, result.Read, result);
            }
        }
        finally
        {
            await CloseAsync(cursor, result.Open);
        }
    }

    /// <summary>Closes a cursor that was not read to its end; what goes wrong then is nothing to tell: the gateway closes it with the request.</summary>
    [AsyncMethodBuilder(typeof(InlineTaskBuilder))]
    private static async ValueTask CloseAsync(OpenHandle? cursor, ulong open)
    {
        if (open == 0 || cursor is not { IsOpen: true })
            return;
        try
        {
            await DatabaseCalls.Close(cursor);
        }
        catch (Exception e) when (e is HandlerError or InvalidOperationException or OperationCanceledException)
        {
            // the first failure, if there was one, is what counts
        }
    }
}
