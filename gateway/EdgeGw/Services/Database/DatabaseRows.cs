using EdgeGw.Abi;
using EdgeGw.Interop;

namespace EdgeGw.Services.Database;

/// <summary>The rows of a statement that runs, read one after the other.</summary>
internal abstract class DatabaseRows
{
    /// <summary>A page ends before its values take more than this, in bytes.</summary>
    public const long PageBytes = 1 << 20;

    private bool _ahead;

    /// <summary>Rows changed so far: complete when there are no rows left.</summary>
    protected abstract ulong Affected { get; }

    /// <summary>Appends the columns' names.</summary>
    public abstract void WriteNames(ReplyBuilder reply);

    /// <summary>Appends rows until the page is full; false when there are no more, and then the count of rows changed has been set as well.</summary>
    /// <param name="reply">Gets the rows.</param>
    /// <param name="page">The most rows; 0 for as many as the size allows.</param>
    /// <param name="maxRowBytes">The most bytes one row may have.</param>
    /// <param name="cancellationToken">Ends the statement.</param>
    public async ValueTask<bool> WritePageAsync(ReplyBuilder reply, uint page, long maxRowBytes, CancellationToken cancellationToken)
    {
        WriteNames(reply);
        var most = page == 0 ? ulong.MaxValue : page;
        // One row ahead: whether there is another page is known when this one is answered.
        while (_ahead || await ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            var size = RowSize;
            if (size > maxRowBytes)
            {
                throw new ServiceException(AbiResult.TooLarge, $"A row of {size} bytes is larger than this database service gives out ({maxRowBytes} bytes, setting maxRowBytes).");
            }
            if (reply.Rows == most || (reply.Rows > 0 && reply.Size + size > PageBytes))
            {
                _ahead = true;
                return true;
            }
            _ahead = false;
            WriteRow(reply);
            reply.Row();
        }
        reply.Affected = Affected;
        return false;
    }

    /// <summary>Ends the statement. Does not throw.</summary>
    public async ValueTask CloseAsync()
    {
        _ahead = false;
        await EndAsync().ConfigureAwait(false);
    }

    /// <summary>About how many bytes the values of the row at hand take.</summary>
    protected abstract long RowSize { get; }

    /// <summary>Goes to the next row; false when there is none.</summary>
    protected abstract ValueTask<bool> ReadAsync(CancellationToken cancellationToken);

    /// <summary>Appends the values of the row at hand.</summary>
    protected abstract void WriteRow(ReplyBuilder reply);

    /// <summary>Ends the statement. Does not throw.</summary>
    protected abstract ValueTask EndAsync();
}
