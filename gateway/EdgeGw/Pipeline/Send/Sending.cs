using System.Diagnostics;
using EdgeGw.Abi;
using EdgeGw.Logging;
using EdgeGw.Pipeline.Accept;
using EdgeGw.Pipeline.Observe;
using EdgeGw.Services.Storage.Directory;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace EdgeGw.Pipeline.Send;

/// <summary>Ends an exchange: the response goes to Kestrel, what was taken is given back, the request is counted.</summary>
internal static class Sending
{
    /// <summary>Hands the handler's response, or an error in its place, to Kestrel, which sends it when the request's task has ended. The task: what must be waited for before
    /// <see cref="End"/>.</summary>
    public static Task Finish(Exchange exchange)
    {
        var response = exchange.Response;
        if (exchange.AnsweredByGateway)
        {
            return Task.CompletedTask;
        }
        var outcome = exchange.Outcome;
        if (outcome < 0)
        {
            Fail(exchange, outcome);
            return Task.CompletedTask;
        }
        if (response.IsShort)
        {
            exchange.Context.Faults.Report(exchange, $"announced a longer body than the {response.Written} bytes it wrote", AbiResult.InvalidState);
            if (response.HeadSent)
            {
                Abort(exchange);
            }
            else
            {
                Problems.Write(exchange, StatusCodes.Status500InternalServerError, "The handler failed. The gateway's log has the details under this request id.");
            }
            return Task.CompletedTask;
        }
        return response.Finish();
    }

    /// <summary>Gives everything back and counts the request.</summary>
    public static void End(Exchange exchange)
    {
        var now = Stopwatch.GetTimestamp();
        var elapsed = Clock.ToMicroseconds(now - exchange.Started);
        var context = exchange.Context;
        var status = exchange.Response.Status;
        var wasAnswered = !exchange.Memory.Cancelled || exchange.AnsweredByGateway || exchange.Lease is null;
        if (exchange.Route is { } route)
        {
            route.State.Metrics.Record(wasAnswered ? status : 0, elapsed);
            if (wasAnswered)
            {
                route.Tally?.Record(status, elapsed);
            }
        }
        else
        {
            context.Unmatched.Record(status, elapsed);
        }
        Recording.End(exchange, wasAnswered, elapsed, now);
        if (context.AccessLog.Wants(status))
        {
            Log(exchange, status, elapsed);
        }
        exchange.Response.EnsureHeadWritten();
        GiveBack(exchange);
    }

    private static void GiveBack(Exchange exchange)
    {
        var context = exchange.Context;
        if (exchange.Lease is { } lease)
        {
            exchange.Lease = null;
            if (!exchange.IsGivenUp)
            {
                exchange.Route!.State.Gate.Exit();
                exchange.Route.Version.Concurrency?.Exit();
            }
            lease.Exit();
        }
        var wasGivenUp = exchange.IsGivenUp;
        if (wasGivenUp)
        {
            // Completed after all, long after its turns were given back.
            exchange.Route!.Version.Usage.AddLostRequest(-1);
        }
        exchange.Detach();
        context.Exchanges.Return(exchange);
        if (!wasGivenUp)
        {
            context.Gate.Exit();
        }
    }

    /// <summary>Gives back what others wait for, of a request that is given up: <see cref="End"/> will not do it again.</summary>
    public static void GiveTurnsBack(Exchange exchange)
    {
        var route = exchange.Route!;
        route.State.Gate.Exit();
        route.Version.Concurrency?.Exit();
        route.Version.Usage.AddLostRequest(1);
        exchange.Context.Gate.Exit();
    }

    /// <summary>A fault of the gateway's own: logged, the connection is closed, and everything is given back all the same.</summary>
    public static void EndAfterFault(Exchange exchange, Exception fault)
    {
        exchange.Context.Log.Write(Level.Critical, "worker", $"A request failed inside the gateway: {fault}", exchange.RequestId.ToString());
        Abort(exchange);
        exchange.Close();
        GiveBack(exchange);
    }

    /// <summary>Closes the connection (HTTP/1.1) or resets the stream (HTTP/2).</summary>
    public static void Abort(Exchange exchange) => exchange.Feature<IHttpRequestLifetimeFeature>()?.Abort();

    private static void Fail(Exchange exchange, AbiResult outcome)
    {
        var route = exchange.Route!;
        var requestId = exchange.RequestId.ToString();
        if (outcome != AbiResult.Cancelled || exchange.Error is not null)
        {
            exchange.Context.Log.Write(Level.Error, route.Version.Config.Name, $"{route.Method} {route.Pattern} failed with {outcome}: {exchange.Error ?? "the handler gave no reason"}", requestId);
        }
        if (outcome == AbiResult.OutOfMemory)
        {
            route.Version.Usage.CountOutOfMemory();
        }
        if (exchange.Response.HeadSent)
        {
            Abort(exchange);
            return;
        }
        if (outcome is AbiResult.OutOfMemory or AbiResult.Busy)
        {
            Problems.Unavailable(exchange, outcome == AbiResult.Busy ? "The handler is busy." : $"The handler {route.Version.Config.Name} has reached its memory limit.");
        }
        else
        {
            Problems.Write(exchange, StatusCodes.Status500InternalServerError, "The handler failed. The gateway's log has the details under this request id.");
        }
    }

    private static void Log(Exchange exchange, int status, long elapsed)
    {
        var request = exchange.Request;
        var version = exchange.Route?.Version.Config;
        exchange.Context.AccessLog.Write(new AccessRecord(
            exchange.Context.Time.GetUtcNow().ToUnixTimeMilliseconds(),
            request.Method,
            PresignedUrls.WithoutSignature(request.RawTarget),
            request.Protocol,
            request.Headers.Host.ToString(),
            Acceptance.Client(exchange).Address,
            status,
            exchange.Response.Written,
            elapsed,
            exchange.RequestId.Value,
            version?.Name,
            version?.Version,
            exchange.Route?.Pattern.Text));
    }
}
