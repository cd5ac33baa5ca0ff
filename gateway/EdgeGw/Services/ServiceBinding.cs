using System.Diagnostics;
using EdgeGw.Abi;
using EdgeGw.Epochs;

namespace EdgeGw.Services;

/// <summary>A service's place in this worker: the actor in it changes with the service's configuration, the place stays.</summary>
internal sealed class ServiceSlot(string kind, string name)
{
    private volatile ServiceActor? _actor;

    /// <summary>The kind (<see cref="ServiceKinds"/>).</summary>
    public string Kind { get; } = kind;

    /// <summary>The name.</summary>
    public string Name { get; } = name;

    /// <summary>Who serves; null when the service is removed, disabled, or could not be set up.</summary>
    public ServiceActor? Actor
    {
        get => _actor;
        set => _actor = value;
    }

    /// <summary>Why there is no actor, in one sentence.</summary>
    public string Reason { get; set; } = "";

    /// <inheritdoc/>
    public override string ToString() => $"{Kind}:{Name}";
}

/// <summary>One library's right to use one service, and its account.</summary>
internal sealed class ServiceBinding(ServiceSlot slot, string handler)
{
    // A call that meets an actor in the moment it is replaced tries the next one; more than a few in a row means that there is none.
    private const int Tries = 8;

    /// <summary>The service.</summary>
    public ServiceSlot Slot { get; } = slot;

    /// <summary>What the handler's calls came to.</summary>
    public ServiceMetrics Metrics { get; } = new(slot.ToString(), handler);

    /// <summary>Gives a call to the service that is in force. What is not <see cref="AbiResult.Pending"/> is the answer, and the call is gone.</summary>
    public AbiResult Post(ServiceCall call)
    {
        for (var i = 0; i < Tries; i++)
        {
            if (Slot.Actor is not { } actor)
            {
                call.Answer(new ServiceFault(AbiResult.Unavailable, $"The service {Slot} is not available: {Slot.Reason}"));
                call.Release();
                return AbiResult.Pending;
            }
            var result = actor.Post(call);
            if (result == AbiResult.Pending)
            {
                return result;
            }
            if (result == AbiResult.Busy)
            {
                return Refuse(call, result);
            }
        }
        return Refuse(call, AbiResult.Unavailable);
    }

    /// <summary>A call that nobody took: its own answer, unless its request's end came first.</summary>
    public AbiResult Refuse(ServiceCall call, AbiResult result)
    {
        if (!call.TryTake())
        {
            call.Release();
            return AbiResult.Pending;
        }
        Metrics.Record(result, 0);
        call.Scope.Left(call, result, Stopwatch.GetTimestamp());
        call.Release();
        call.Release();
        return result;
    }
}
