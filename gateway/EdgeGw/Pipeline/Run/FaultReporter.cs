using EdgeGw.Abi;
using EdgeGw.Generations;
using EdgeGw.Logging;

namespace EdgeGw.Pipeline.Run;

/// <summary>Blames a handler that breaks the contract: counted always, logged with the handler's name until it becomes noise.</summary>
internal sealed class FaultReporter(PipelineContext context)
{
    /// <summary>A fault within a request; gives <paramref name="result"/> back for the handler.</summary>
    public AbiResult Report(Exchange exchange, string what, AbiResult result)
    {
        var version = exchange.Route!.Version;
        if (version.CountFault())
        {
            context.Log.Write(Level.Error, version.Config.Name, $"{version} {what} ({exchange.Route.Method} {exchange.Route.Pattern}).", exchange.RequestId.ToString());
        }
        return result;
    }

    /// <summary>A call with an exchange id that is not valid any more.</summary>
    public AbiResult ReportStale(ulong id, string function, AbiResult result)
    {
        var ordinal = ExchangeId.Version(id);
        HandlerVersion? version = context.Versions.Find(ordinal);
        if (version is null)
        {
            context.Log.Write(Level.Error, "worker", $"A handler called {function} with an exchange id that this worker never gave out.");
        }
        else if (version.CountFault())
        {
            context.Log.Write(Level.Error, version.Config.Name, result == AbiResult.Busy
                ? $"{version} called {function} while another of its threads was inside a call on the same exchange."
                : $"{version} called {function} after the exchange had been completed.");
        }
        return result;
    }
}
