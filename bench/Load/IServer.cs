namespace EdgeGw.Load;

/// <summary>A server under load.</summary>
internal interface IServer : IAsyncDisposable
{
    /// <summary>Its name in the report.</summary>
    string Name { get; }

    /// <summary>What wrk asks for.</summary>
    Uri Url { get; }

    /// <summary>All its processes.</summary>
    IReadOnlyList<int> Processes { get; }

    /// <summary>Managed bytes it has allocated since its start, or null when it does not say.</summary>
    Task<long?> AllocatedBytesAsync();
}
