using EdgeGw.Abi;

namespace EdgeGw.Services;

/// <summary>Why a call failed, as the handler is told.</summary>
/// <param name="Result">A negative result.</param>
/// <param name="Error">One sentence; it names the service, never a secret.</param>
/// <param name="Code">The backend's own code, or empty.</param>
/// <param name="BackendDown">Whether the backend itself is the reason: then the service stops asking it until it answers a probe.</param>
internal readonly record struct ServiceFault(AbiResult Result, string Error, string Code = "", bool BackendDown = false);

/// <summary>Thrown inside a call to end it with a certain fault.</summary>
internal sealed class ServiceException(ServiceFault fault) : Exception(fault.Error)
{
    /// <summary>A fault with that result and sentence.</summary>
    public ServiceException(AbiResult result, string error, string code = "") : this(new ServiceFault(result, error, code))
    {
    }

    /// <summary>What the handler is told.</summary>
    public ServiceFault Fault { get; } = fault;
}

/// <summary>A service cannot be set up with its configuration. The message is one sentence for the operator, without secrets.</summary>
internal sealed class ServiceConfigurationException(string message) : Exception(message);
