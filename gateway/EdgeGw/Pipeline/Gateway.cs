using System.Diagnostics;
using EdgeGw.Abi;
using EdgeGw.Pipeline.Accept;
using EdgeGw.Pipeline.Admit;
using EdgeGw.Pipeline.Match;
using EdgeGw.Pipeline.Pin;
using EdgeGw.Pipeline.Relay;
using EdgeGw.Pipeline.Run;
using EdgeGw.Pipeline.Send;
using EdgeGw.Services.Storage.Directory;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;

namespace EdgeGw.Pipeline;

/// <summary>The request's way: Accept, Admit, Match, Pin, Run, Send. A handler that answers at once is served without an allocation, a lock or a change of thread; everything that has to
/// wait goes on in one of the async methods below.</summary>
internal sealed class Gateway(PipelineContext context, EpochHolder epochs) : IHttpApplication<IFeatureCollection>
{
    private readonly PresignedObjects _objects = new(context.Services);
    private volatile bool _isDraining;

    /// <summary>Whether requests come from the shared worker, which says who their clients are.</summary>
    public bool IsRelayed { get; init; }

    /// <summary>Whether a response has begun and not ended: a download, server-sent events.</summary>
    public bool HasResponsesUnderWay
    {
        get
        {
            foreach (var exchange in context.Exchanges.All)
            {
                if (exchange is not null && (exchange.Id != 0 || exchange.IsRelayed) && exchange.Response.HeadSent)
                {
                    return true;
                }
            }
            return false;
        }
    }

    /// <summary>From now on every answer is the last on its connection: "Connection: close" on HTTP/1.1, GOAWAY on HTTP/2, so that clients go on with another one.</summary>
    public void BeginDrain() => _isDraining = true;

    /// <inheritdoc/>
    public IFeatureCollection CreateContext(IFeatureCollection contextFeatures) => contextFeatures;

    /// <inheritdoc/>
    public void DisposeContext(IFeatureCollection context, Exception? exception)
    {
    }

    /// <inheritdoc/>
    public Task ProcessRequestAsync(IFeatureCollection features)
    {
        if (_isDraining)
        {
            features.Get<IConnectionLifetimeNotificationFeature>()?.RequestClose();
        }
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
        exchange.RequestId.Assign(IsRelayed && RelayHead.Take(exchange) is { } id ? id : Acceptance.ClientRequestId(exchange));
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

    private Task RunAndSend(Exchange exchange)
    {
        if (exchange.Route!.Version.Isolated is { } isolated)
        {
            return RelayAndSendAsync(exchange, isolated);
        }
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
            exchange.HandlerEnded = Stopwatch.GetTimestamp();
            return EndLaterAsync(exchange, finishing);
        }
        Sending.End(exchange);
        return Task.CompletedTask;
    }

    private async Task RelayAndSendAsync(Exchange exchange, IsolatedLink isolated)
    {
        try
        {
            if (!await Relaying.TryRunAsync(exchange, isolated).ConfigureAwait(false))
            {
                if (exchange.Route!.Live is not null)
                {
                    await RunInsteadAsync(exchange).ConfigureAwait(false);
                    return;
                }
                Problems.Unavailable(exchange, $"The worker of the handler {exchange.Route.Version.Config.Name} is not there; another one is started.");
            }
        }
        catch (Exception e)
        {
            Sending.EndAfterFault(exchange, e);
            return;
        }
        Sending.End(exchange);
    }

    // The canary is not there, and nothing of the request has been given to it: the live version takes it.
    private async Task RunInsteadAsync(Exchange exchange)
    {
        Pinning.GoOnWith(exchange, exchange.Route!.Live!);
        if (Pinning.TryPinChosen(exchange, epochs, out var refusal))
        {
            await RunAndSend(exchange).ConfigureAwait(false);
        }
        else if (refusal == PinRefusal.Full)
        {
            await WaitForTurnAsync(exchange).ConfigureAwait(false);
        }
        else
        {
            Problems.NotPinned(exchange, refusal);
            Sending.End(exchange);
        }
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
        exchange.HandlerEnded = Stopwatch.GetTimestamp();
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
        var hasTurn = await Pinning.WaitForTurnAsync(exchange).ConfigureAwait(false);
        exchange.TurnTaken = Stopwatch.GetTimestamp();
        if (!hasTurn)
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
