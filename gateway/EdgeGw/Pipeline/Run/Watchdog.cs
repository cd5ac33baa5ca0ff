using System.Diagnostics;
using EdgeGw.Calls;
using EdgeGw.Generations;
using EdgeGw.Logging;
using EdgeGw.Pipeline.Send;
using Microsoft.AspNetCore.Http;

namespace EdgeGw.Pipeline.Run;

/// <summary>Looks at every exchange some times a second and answers in the place of a handler whose deadline, or whose version's time to drain, has passed. So a
/// request needs no timer of its own. What nobody waits for any more and the handler keeps all the same is given up after the hard deadline.</summary>
internal sealed class Watchdog : IDisposable
{
    private static readonly TimeSpan s_period = TimeSpan.FromMilliseconds(50);

    private readonly PipelineContext _context;
    private readonly CallWatch _calls;
    private readonly ManualResetEventSlim _stop = new(false, spinCount: 0); // what it waits for is the time
    private readonly Thread _thread;

    /// <summary>Starts looking, on a thread of its own: handlers that block may have taken all of the pool's.</summary>
    public Watchdog(PipelineContext context)
    {
        _context = context;
        _calls = new CallWatch(context);
        _thread = new Thread(Run) { IsBackground = true, Name = "watchdog" };
        _thread.Start();
    }

    /// <summary>Stops looking.</summary>
    public void Dispose()
    {
        _stop.Set();
        _thread.Join();
        _stop.Dispose();
    }

    private void Run()
    {
        var period = s_period;
        var looked = Stopwatch.GetTimestamp();
        while (!_stop.Wait(period))
        {
            var now = Stopwatch.GetTimestamp();
            period = _calls.Look(now) ? CallWatch.Period : s_period;
            if (Stopwatch.GetElapsedTime(looked, now) + CallWatch.Period > s_period)
            {
                looked = now;
                Look(now);
            }
        }
    }

    private void Look(long now)
    {
        foreach (var exchange in _context.Exchanges.All)
        {
            // Read without the guard: at worst an exchange that has just ended looks late, and Verdict is asked again inside.
            if (exchange is null || exchange.Id is not (not 0 and var id))
            {
                continue;
            }
            if (exchange.Memory.Cancelled)
            {
                GiveUpWhenLost(exchange, id, now);
            }
            else if (Verdict(exchange, now) != Late.No && exchange.TryEnterAsGateway(id))
            {
                Act(exchange, id, now);
            }
        }
    }

    // A request that its handler has not completed long after anybody waited for it. With a thread inside it is the call watch's; without one it is memory only, of which a version may keep
    // some: others' turns must not be kept with it.
    private void GiveUpWhenLost(Exchange exchange, ulong id, long now)
    {
        if (exchange.IsGivenUp || exchange.Route is not { Version: { HardDeadlineTicks: > 0 } version })
        {
            return;
        }
        if (exchange.UnwantedSince == 0)
        {
            exchange.UnwantedSince = now;
        }
        if (now - exchange.UnwantedSince < version.HardDeadlineTicks || CallWatch.IsInside(id) || !exchange.TryGiveUp(id, out var request))
        {
            return;
        }
        var lost = version.Usage.LostRequests;
        var held = (long)Stopwatch.GetElapsedTime(exchange.UnwantedSince, now).TotalMilliseconds;
        if (lost < _context.Limits.LostRequests)
        {
            _context.Log.Write(Level.Error, version.Config.Name, $"{request.Route} was not completed within {held} ms after its end; its memory is lost until it is ({lost} such requests of {version}).", request.Id);
            return;
        }
        _context.GiveUp(version, $"{version} was taken out of service: it has {lost} requests that it does not complete (Limits:LostRequests).", 0, request.Id, request.Route, held);
    }

    private void Act(Exchange exchange, ulong id, long now)
    {
        // Read inside the guard: once it is left, the handler may complete and the exchange serve another request.
        var verdict = Verdict(exchange, now);
        var route = exchange.Route;
        var requestId = exchange.RequestId.Value;
        try
        {
            if (verdict == Late.No)
            {
                return;
            }
            exchange.Memory.Cancelled = true;
            if (exchange.Response.HeadSent)
            {
                Sending.Abort(exchange);
            }
            else
            {
                Answer(exchange, verdict);
            }
        }
        catch (Exception e)
        {
            _context.Log.Write(Level.Error, "worker", $"Answering in a handler's place failed: {e.Message}");
        }
        finally
        {
            exchange.Exit(id);
        }
        _context.Log.Write(Level.Warning, route!.Version.Config.Name, verdict == Late.Deadline
            ? $"{route.Method} {route.Pattern} did not answer within {route.DeadlineMs} ms."
            : $"{route.Method} {route.Pattern} of the replaced version {route.Version} did not end in the time left for draining.", requestId.ToString());
        // The handler's callback runs elsewhere: it must not hold up the next look.
        ThreadPool.UnsafeQueueUserWorkItem(static x => x.Exchange.Cancel(x.Id), (Exchange: exchange, Id: id), preferLocal: false);
    }

    private static void Answer(Exchange exchange, Late verdict)
    {
        exchange.AnsweredByGateway = true;
        if (verdict == Late.Deadline)
        {
            Problems.Write(exchange, StatusCodes.Status504GatewayTimeout, "The handler did not answer in time.", "Connection", "close");
        }
        else
        {
            Problems.Unavailable(exchange, "The handler was replaced, and this request did not end in the time left for it.");
        }
        // The client has its answer now. The request itself stays open, with all memory that the handler may still hold, until the handler completes.
        _ = exchange.Response.CompleteNowAsync();
    }

    private static Late Verdict(Exchange exchange, long now)
    {
        var route = exchange.Route;
        if (route is null || exchange.Memory.Cancelled)
        {
            return Late.No;
        }
        if (route.DeadlineTicks is not 0 and var deadline && !exchange.Response.HeadSent && now - exchange.Started > deadline)
        {
            return Late.Deadline;
        }
        return (exchange.Response.HeadSent ? route.Version.StreamDrainDeadline : route.Version.DrainDeadline) is not 0 and var drain && now > drain
            && route.Version.State is VersionState.Draining or VersionState.Quarantined && exchange.Lease is { IsClosed: true }
            ? Late.Draining : Late.No;
    }

    private enum Late
    {
        No,
        Deadline,
        Draining,
    }
}
