using System.Runtime.CompilerServices;
using EdgeGw.Abi;

namespace EdgeGw.Interop;

/// <summary>The order of things: body, handler, response, end. All that awaits is here, and no pointer.</summary>
internal sealed partial class Exchange
{
    /// <summary>Answers the request. After it returned Pending, this object may already serve another one.</summary>
    public AbiResult Run(uint route)
    {
        var previous = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(Library.Synchronization);
        try
        {
            // A handler that cannot wait is called when there is nothing to wait for.
            if (!Route.IsAsync && HasBody && TryReadAll() == AbiResult.Pending)
            {
                _ = BufferThenAnswerAsync(route);
                return AbiResult.Pending;
            }
            var response = Library.Handlers.Invoke(route, Context, Request);
            if (!response.IsCompletedSuccessfully)
            {
                _ = AnswerAsync(response);
                return AbiResult.Pending;
            }
            var written = response.Result.WriteAsync(this);
            if (!written.IsCompletedSuccessfully)
            {
                _ = EndAsync(written);
                return AbiResult.Pending;
            }
            return Finish(AbiResult.Ok, pending: false);
        }
        catch (Exception e)
        {
            var failed = FailAsync(e);
            if (failed.IsCompletedSuccessfully)
                return Finish(failed.Result, pending: false);
            _ = EndAsync(failed);
            return AbiResult.Pending;
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(previous);
        }
    }

    private async Task BufferThenAnswerAsync(uint route)
    {
        AbiResult result;
        try
        {
            do
                await WaitBodyAsync();
            while (TryReadAll() == AbiResult.Pending);
            var response = await Library.Handlers.Invoke(route, Context, Request);
            await response.WriteAsync(this);
            result = AbiResult.Ok;
        }
        catch (Exception e)
        {
            result = await FailAsync(e);
        }
        Finish(result, pending: true);
    }

    private async Task AnswerAsync(ValueTask<Response> pending)
    {
        AbiResult result;
        try
        {
            var response = await pending;
            await response.WriteAsync(this);
            result = AbiResult.Ok;
        }
        catch (Exception e)
        {
            result = await FailAsync(e);
        }
        Finish(result, pending: true);
    }

    private async Task EndAsync(ValueTask written)
    {
        AbiResult result;
        try
        {
            await written;
            result = AbiResult.Ok;
        }
        catch (Exception e)
        {
            result = await FailAsync(e);
        }
        Finish(result, pending: true);
    }

    private async Task EndAsync(ValueTask<AbiResult> failed) => Finish(await failed, pending: true);

    /// <summary>Turns what was thrown into a response where that is still possible, else into a result. Throws nothing.</summary>
    private async ValueTask<AbiResult> FailAsync(Exception e)
    {
        try
        {
            if (e is HandlerError error && !HasResponseStarted)
            {
                if (error.IsPrivate)
                    Library.WriteLog(LogLevel.Error, this, error.ToString());
                await error.AddHeaders(Response.Problem(error)).WriteAsync(this);
                return AbiResult.Ok;
            }
            if (e is OperationCanceledException && IsCancelled)
                return AbiResult.Cancelled;
            SetError(e.ToString());
        }
        catch (Exception second)
        {
            if (second is OperationCanceledException && IsCancelled)
                return AbiResult.Cancelled;
            TrySetError(e, second);
            return HandlerExport.ResultOf(second);
        }
        return HandlerExport.ResultOf(e);
    }

    // The last resort: what cannot even be told here, the result says alone.
    private void TrySetError(Exception first, Exception second)
    {
        try
        {
            SetError($"{Describe(first)}\nThis could not be answered because of:\n{Describe(second)}");
        }
        catch (Exception)
        {
            // no memory for the text
        }
    }

    // ToString may be the handler's own, and be what failed.
    private static string Describe(Exception e)
    {
        try
        {
            return e.ToString();
        }
        catch (Exception)
        {
            return e.GetType().FullName!;
        }
    }

    [AsyncMethodBuilder(typeof(InlineTaskBuilder))]
    private async ValueTask WriteSlowlyAsync(ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (NeedsFlush)
                await FlushAsync();
            var step = bytes[..Math.Min(bytes.Length, WriteStep)];
            var result = TryWrite(step.Span);
            if (result == AbiResult.Busy)
            {
                await FlushAsync();
                result = TryWrite(step.Span);
            }
            Check(result);
            bytes = bytes[step.Length..];
        }
    }

    [AsyncMethodBuilder(typeof(InlineTaskBuilder))]
    private async ValueTask WaitFlushAsync() => Check(await _flushWait.Wait());
}
