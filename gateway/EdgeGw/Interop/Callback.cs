using EdgeGw.Abi;

namespace EdgeGw.Interop;

/// <summary>An <c>edgegw_ready</c> with its state.</summary>
internal readonly unsafe struct ReadyCallback(delegate* unmanaged<void*, AbiResult, void> function, void* state)
{
    private readonly delegate* unmanaged<void*, AbiResult, void> _function = function;
    private readonly void* _state = state;

    /// <summary>Calls it.</summary>
    public void Invoke(AbiResult result) => _function(_state, result);
}

/// <summary>An <c>edgegw_work</c> with its state.</summary>
internal readonly unsafe struct WorkCallback(delegate* unmanaged<void*, void> function, void* state)
{
    private readonly delegate* unmanaged<void*, void> _function = function;
    private readonly void* _state = state;

    /// <summary>Whether there is one.</summary>
    public bool IsSet => _function is not null;

    /// <summary>Calls it.</summary>
    public void Invoke() => _function(_state);
}

/// <summary>An <c>edgegw_replied</c> with its state.</summary>
internal readonly unsafe struct RepliedCallback(delegate* unmanaged<void*, AbiReply*, void> function, void* state)
{
    private readonly delegate* unmanaged<void*, AbiReply*, void> _function = function;
    private readonly void* _state = state;

    /// <summary>Calls it with a reply made of what was built.</summary>
    public void Invoke(ReplyBuilder reply) => reply.Send(_function, _state);

    /// <summary>Calls it with a fault and nothing else.</summary>
    public void Invoke(AbiResult result, string error, string code) => ReplyBuilder.SendFault(_function, _state, result, error, code);
}
