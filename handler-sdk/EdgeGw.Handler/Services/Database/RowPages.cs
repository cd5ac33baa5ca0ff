using EdgeGw.Interop;

namespace EdgeGw;

/// <summary>Replies to rows that are copied.</summary>
internal static class RowPages
{
    public static readonly ReplyReader<Row?> ReadOne = static (call, reply) =>
    {
        if (reply.Open != 0)
            DatabaseCalls.CloseForgotten(call, reply.Open);
        if (reply.RowCount == 0)
            return null;
        var page = new Page();
        page.Keep(reply, null);
        return new Row(page, 0);
    };

    public static readonly ReplyReader<ResultPages<Rows>> ReadAll = static (call, reply) =>
    {
        var result = (ResultPages<Rows>)call.Argument!;
        if (!reply.IsEnd)
            result.Rows.Add(reply);
        result.Count = result.Rows.Count;
        result.Open = reply.IsEnd ? 0 : reply.Open;
        return result;
    };

    /// <summary>One page at a time, in the same memory.</summary>
    public static readonly ReplyReader<ResultPages<Page>> ReadNext = static (call, reply) =>
    {
        var result = (ResultPages<Page>)call.Argument!;
        result.Rows.Keep(reply, result.Columns);
        result.Columns = result.Rows.Columns;
        result.Open = reply.IsEnd ? 0 : reply.Open;
        return result;
    };

    public static InvalidOperationException TooMany(Interop.Service service, int limit)
        => new($"A result of the {service} has more than {limit} rows: read it with StreamAsync, or raise ServiceLimits.QueryRows at startup.");
}

/// <summary>Replies to rows that become something else.</summary>
internal static class RowPages<T> where T : IRow<T>
{
    public static readonly ReplyReader<T?> ReadOne = static (call, reply) =>
    {
        if (reply.Open != 0)
            DatabaseCalls.CloseForgotten(call, reply.Open);
        if (reply.RowCount == 0)
            return default;
        var page = Page.Open(reply, null);
        try
        {
            return T.Read(new Row(page, 0), page.Columns.Map(T.Columns));
        }
        finally
        {
            page.Close();
        }
    };

    public static readonly ReplyReader<ResultPages<List<T>>> ReadAll = static (call, reply) => Append(call, reply, keep: true);

    /// <summary>One page at a time, in the same list.</summary>
    public static readonly ReplyReader<ResultPages<List<T>>> ReadNext = static (call, reply) => Append(call, reply, keep: false);

    private static ResultPages<List<T>> Append(ServiceCall call, scoped Reply reply, bool keep)
    {
        var result = (ResultPages<List<T>>)call.Argument!;
        if (!keep)
            result.Rows.Clear();
        result.Open = reply.IsEnd ? 0 : reply.Open;
        if (reply.RowCount == 0)
            return result;
        var page = Page.Open(reply, result.Columns);
        try
        {
            result.Columns = page.Columns;
            ReadOnlySpan<int> columns = page.Columns.Map(T.Columns);
            result.Rows.EnsureCapacity(result.Rows.Count + page.RowCount);
            for (var i = 0; i < page.RowCount; i++)
                result.Rows.Add(T.Read(new Row(page, i), columns));
        }
        catch when (result.Open != 0)
        {
            DatabaseCalls.CloseForgotten(call, result.Open); // nobody will read on
            throw;
        }
        finally
        {
            page.Close();
        }
        result.Count = result.Rows.Count;
        return result;
    }
}
