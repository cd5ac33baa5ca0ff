using EdgeGw.Generations;
using EdgeGw.Pipeline.Match;
using Microsoft.AspNetCore.Http.Features;

namespace EdgeGw.Pipeline.Pin;

/// <summary>Why a matched request does not reach its handler.</summary>
internal enum PinRefusal
{
    /// <summary>It does.</summary>
    None,
    /// <summary>The route has as many requests as it may.</summary>
    Full,
    /// <summary>The version could not be loaded.</summary>
    VersionFailed,
    /// <summary>The handler has as many requests under way, over all its routes, as it may.</summary>
    HandlerFull,
    /// <summary>Threads are short, and the handler holds some already.</summary>
    ThreadsShort,
    /// <summary>The version is quarantined.</summary>
    Quarantined,
    /// <summary>The announced body is larger than the route takes.</summary>
    BodyTooLarge,
    /// <summary>The route is gone: undeployed in this moment.</summary>
    RouteGone,
}

/// <summary>Takes a turn of the route and a lease on the version, so that neither can go away before the request has.</summary>
internal static class Pinning
{
    /// <summary>Pins a matched request without waiting. A canary's share of them goes to the canary; what that cannot take now is the live version's.</summary>
    public static bool TryPin(Exchange exchange, EpochHolder epochs, out PinRefusal refusal)
    {
        if (exchange.Route!.Canary is { } canary && canary.TakesNext())
        {
            var live = exchange.Route;
            exchange.Route = canary.Route;
            if (TryPinChosen(exchange, epochs, out refusal))
            {
                return true;
            }
            exchange.Route = live;
        }
        return TryPinChosen(exchange, epochs, out refusal);
    }

    /// <summary>Gives a pinned request's turns back; it goes on with another route, to be pinned again.</summary>
    public static void GoOnWith(Exchange exchange, Route route)
    {
        exchange.Route!.State.Gate.Exit();
        exchange.Route.Version.Concurrency?.Exit();
        exchange.Lease!.Exit();
        exchange.Lease = null;
        exchange.IsRelayed = false;
        exchange.Route = route;
    }

    /// <summary>Pins a request whose version is chosen, without waiting.</summary>
    public static bool TryPinChosen(Exchange exchange, EpochHolder epochs, out PinRefusal refusal)
    {
        if (!exchange.Route!.State.Gate.TryEnter())
        {
            refusal = PinRefusal.Full;
            return false;
        }
        return TryPinWithTurn(exchange, epochs, out refusal);
    }

    /// <summary>Waits for the route's turn; false when too many wait already, the client leaves or the deadline passes.</summary>
    public static async ValueTask<bool> WaitForTurnAsync(Exchange exchange)
    {
        var route = exchange.Route!;
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(exchange.Feature<IHttpRequestLifetimeFeature>()!.RequestAborted);
        if (route.DeadlineMs > 0)
        {
            deadline.CancelAfter(route.DeadlineMs);
        }
        return await route.State.Gate.WaitAsync(deadline.Token).ConfigureAwait(false);
    }

    /// <summary>Pins a request that has its turn; gives the turn back when it fails.</summary>
    public static bool TryPinWithTurn(Exchange exchange, EpochHolder epochs, out PinRefusal refusal)
    {
        while (true)
        {
            var route = exchange.Route!;
            if (exchange.Memory.Fields.ContentLength > route.MaxBodyBytes)
            {
                refusal = PinRefusal.BodyTooLarge;
            }
            else if (!route.Version.IsUsable)
            {
                refusal = route.Version.State == VersionState.Quarantined ? PinRefusal.Quarantined : PinRefusal.VersionFailed;
            }
            else if (exchange.Context.RefusesThread(route.Version))
            {
                refusal = PinRefusal.ThreadsShort;
            }
            else if (route.Version.Concurrency?.TryEnter() == false)
            {
                refusal = PinRefusal.HandlerFull;
            }
            else if (route.Version.TryEnter(out var lease))
            {
                exchange.Lease = lease;
                refusal = PinRefusal.None;
                return true;
            }
            else
            {
                route.Version.Concurrency?.Exit();
                // The epoch was swapped between the match and here: begin again in the new one. It cannot go on for long, since every round is one deploy.
                var gate = route.State.Gate;
                if (Matching.TryMatch(exchange, epochs.Current))
                {
                    if (ReferenceEquals(exchange.Route!.State.Gate, gate))
                    {
                        continue;
                    }
                    gate.Exit();
                    return TryPin(exchange, epochs, out refusal);
                }
                gate.Exit();
                refusal = PinRefusal.RouteGone;
                return false;
            }
            route.State.Gate.Exit();
            return false;
        }
    }
}
