using EdgeGw.Abi;
using EdgeGw.Pipeline.Accept;
using EdgeGw.Pipeline.Admit;
using EdgeGw.Pipeline.Match;
using EdgeGw.Pipeline.Pin;
using EdgeGw.Pipeline.Run;
using EdgeGw.Pipeline.Send;
using EdgeGw.Services.Storage.Directory;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;

namespace EdgeGw.Pipeline;

/// <summary>The request's way: Accept, Admit, Match, Pin, Run, Send. A handler that answers at once is served without an allocation, a lock or a change of thread; everything that has to
/// wait goes on in one of the async methods below.</summary>
internal sealed class Gateway(PipelineContext context, EpochHolder epochs) : IHttpApplication<IFeatureCollection>
{
    private readonly PresignedObjects _objects = new(context.Services);

    /// <inheritdoc/>
    public IFeatureCollection CreateContext(IFeatureCollection contextFeatures) => contextFeatures;

    /// <inheritdoc/>
    public void DisposeContext(IFeatureCollection context, Exception? exception)
    {
    }

    /// <inheritdoc/>
    public Task ProcessRequestAsync(IFeatureCollection features)
    {
        if (!Admission.TryAdmit(context, out var exchange))
        {
            return Admission.RefuseAsync(context, features);
        }
        try
        {
            return Process(exchange, features);
        }
        catch (Exception e)
        {
            Sending.EndAfterFault(exchange, e);
            return Task.CompletedTask;
        }
    }

    private Task Process(Exchange exchange, IFeatureCollection features)
    {
        exchange.Attach(features);
        exchange.RequestId.Assign(Acceptance.ClientRequestId(exchange));
        exchange.Response.AddRequestId();

        if (!Framing.IsSound(exchange.Request))
        {
            Problems.BadFraming(exchange);
        }
        else if (Acceptance.Read(exchange) is var error and not TargetError.None)
        {
            Problems.BadTarget(exchange, error);
        }
        else if (PresignedObjects.IsFor(exchange.Request.RawTarget))
        {
            return ServeObjectAsync(exchange);
        }
        else if (!Matching.TryMatch(exchange, epochs.Current))
        {
            Problems.NoRoute(exchange, epochs.Current);
        }
        else if (!Pinning.TryPin(exchange, epochs, out var refusal))
        {
            if (refusal == PinRefusal.Full)
            {
                return WaitForTurnAsync(exchange);
            }
            Problems.NotPinned(exchange, refusal);
        }
        else
        {
            return RunAndSend(exchange);
        }
        Sending.End(exchange);
        return Task.CompletedTask;
    }

    private async Task ServeObjectAsync(Exchange exchange)
    {
        try
        {
            exchange.Response.CountOwn(await _objects.ServeAsync(exchange.Features).ConfigureAwait(false));
        }
        catch (Exception e)
        {
            Sending.EndAfterFault(exchange, e);
            return;
        }
        Sending.End(exchange);
    }

    private static Task RunAndSend(Exchange exchange)
    {
        if (Running.Run(exchange) == AbiResult.Pending)
        {
            return WaitForHandlerAsync(exchange);
        }
        if (exchange.HasWaits)
        {
            return StopAndSendAsync(exchange);
        }
        var finishing = Sending.Finish(exchange);
        if (!finishing.IsCompletedSuccessfully)
        {
            return EndLaterAsync(exchange, finishing);
        }
        Sending.End(exchange);
        return Task.CompletedTask;
    }

    // Nothing of a request may be outstanding when its exchange goes on to the next one.
    private static async Task StopAndSendAsync(Exchange exchange)
    {
        try
        {
            await exchange.Body.StopAsync().ConfigureAwait(false);
            await exchange.Response.StopAsync().ConfigureAwait(false);
        }
        catch (Exception e)
        {
            Sending.EndAfterFault(exchange, e);
            return;
        }
        await EndLaterAsync(exchange, Sending.Finish(exchange)).ConfigureAwait(false);
    }

    private static async Task EndLaterAsync(Exchange exchange, Task finishing)
    {
        try
        {
            await finishing.ConfigureAwait(false);
        }
        catch (Exception e)
        {
            Sending.EndAfterFault(exchange, e);
            return;
        }
        Sending.End(exchange);
    }

    private static async Task WaitForHandlerAsync(Exchange exchange)
    {
        using (var gone = exchange.Feature<IHttpRequestLifetimeFeature>() is { } lifetime
            ? lifetime.RequestAborted.UnsafeRegister(Running.OnClientGone, exchange)
            : default)
        {
            await exchange.WhenCompleted().ConfigureAwait(false);
        }
        await StopAndSendAsync(exchange).ConfigureAwait(false);
    }

    private async Task WaitForTurnAsync(Exchange exchange)
    {
        try
        {
            await RunInTurnAsync(exchange).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            Sending.EndAfterFault(exchange, e);
        }
    }

    private async Task RunInTurnAsync(Exchange exchange)
    {
        if (!await Pinning.WaitForTurnAsync(exchange).ConfigureAwait(false))
        {
            Problems.NotPinned(exchange, PinRefusal.Full);
        }
        else if (!Pinning.TryPinWithTurn(exchange, epochs, out var refusal))
        {
            Problems.NotPinned(exchange, refusal);
        }
        else
        {
            await RunAndSend(exchange).ConfigureAwait(false);
            return;
        }
        Sending.End(exchange);
    }
}
