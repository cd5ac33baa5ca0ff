using EdgeGw.Abi;

namespace EdgeGw.Testing.Interop;

/// <summary>The work of one call, and its reply.</summary>
internal static class ServiceWork
{
    public static async Task ReplyAsync(
        FakeExchange exchange, FakeService service, FakeOpens.Entry? entry, nint replied, nint state, Func<Task<FakeReply>> work)
    {
        FakeReply reply;
        try
        {
            await Task.WhenAny(service.Gate, exchange.Cancelled).ConfigureAwait(false);
            reply = exchange.IsCancelled && !service.Gate.IsCompleted ? FakeReply.Of(AbiResult.Cancelled, "") : service.NextFailure() ?? await work().ConfigureAwait(false);
        }
        catch (Exception e)
        {
            reply = FakeReply.Of(AbiResult.Internal, $"The fake {service.Kind} '{service.Name}' failed: {e}");
        }
        entry?.Leave();
        exchange.Call(() => reply.Send(replied, state));
    }
}
