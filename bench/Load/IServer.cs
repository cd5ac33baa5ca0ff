namespace EdgeGw.Load;

/// <summary>A server under load.</summary>
internal interface IServer : IAsyncDisposable
{
    /// <summary>Its name in the report.</summary>
    string Name { get; }

    /// <summary>Where it listens.</summary>
    Uri Address { get; }

    /// <summary>All its processes.</summary>
    IReadOnlyList<int> Processes { get; }

    /// <summary>Managed bytes allocated and requests answered since the server's start, or null where the server does not tell.</summary>
    Task<Allocation?> AllocationAsync() => Task.FromResult<Allocation?>(null);
}

/// <summary>What a server has allocated so far.</summary>
/// <param name="Bytes">Managed bytes.</param>
/// <param name="Requests">Requests answered.</param>
internal sealed record Allocation(long Bytes, long Requests);
