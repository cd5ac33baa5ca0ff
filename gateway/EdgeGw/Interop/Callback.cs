using EdgeGw.Abi;
using EdgeGw.Blame;

namespace EdgeGw.Interop;

/// <summary>An <c>edgegw_ready</c> with its state.</summary>
internal readonly unsafe struct ReadyCallback(delegate* unmanaged<void*, AbiResult, void> function, void* state)
{
    private readonly delegate* unmanaged<void*, AbiResult, void> _function = function;
    private readonly void* _state = state;

    /// <summary>Calls it, on behalf of an exchange.</summary>
    public void Invoke(ulong exchange, AbiResult result)
    {
        var call = BlamedCall.Enter(CallPhase.Ready, exchange);
        _function(_state, result);
        call.Leave();
    }
}

/// <summary>An <c>edgegw_work</c> with its state, and whose it is.</summary>
internal readonly unsafe struct WorkCallback(delegate* unmanaged<void*, void> function, void* state, CallPhase phase, ushort version, ulong exchange = 0)
{
    private readonly delegate* unmanaged<void*, void> _function = function;
    private readonly void* _state = state;

    /// <summary>Whether there is one.</summary>
    public bool IsSet => _function is not null;

    /// <summary>Calls it.</summary>
    public void Invoke()
    {
        var call = BlamedCall.Enter(phase, version, exchange);
        _function(_state);
        call.Leave();
    }
}

/// <summary>An <c>edgegw_replied</c> with its state.</summary>
internal readonly unsafe struct RepliedCallback(delegate* unmanaged<void*, AbiReply*, void> function, void* state)
{
    private readonly delegate* unmanaged<void*, AbiReply*, void> _function = function;
    private readonly void* _state = state;

    /// <summary>Calls it with a reply made of what was built.</summary>
    public void Invoke(ulong exchange, ReplyBuilder reply)
    {
        var call = BlamedCall.Enter(CallPhase.Reply, exchange);
        reply.Send(_function, _state);
        call.Leave();
    }

    /// <summary>Calls it with a fault and nothing else.</summary>
    public void Invoke(ulong exchange, AbiResult result, string error, string code)
    {
        var call = BlamedCall.Enter(CallPhase.Reply, exchange);
        ReplyBuilder.SendFault(_function, _state, result, error, code);
        call.Leave();
    }
}
