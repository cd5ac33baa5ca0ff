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
