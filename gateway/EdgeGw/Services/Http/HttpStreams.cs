namespace EdgeGw.Services.Http;

/// <summary>One half of a request that is under way.</summary>
internal abstract class HttpStream(ServiceBinding binding, ServiceScope scope, string host) : ServiceStream(binding, scope)
{
    /// <summary>The server, for people.</summary>
    public string Host { get; } = host;
}

/// <summary>A request whose body a handler is writing.</summary>
internal sealed class HttpUpload(ServiceBinding binding, ServiceScope scope, HttpTransfer transfer, string host, int timeoutMs) : HttpStream(binding, scope, host)
{
    private HttpTransfer? _transfer = transfer;

    /// <summary>The request; not after <see cref="Release"/>.</summary>
    public HttpTransfer Transfer => _transfer!;

    /// <summary>Milliseconds for the answer's head; 0 for the service's own.</summary>
    public int TimeoutMs { get; } = timeoutMs;

    /// <summary>Gives the request away: the body's end is not the end of it.</summary>
    public HttpTransfer Release()
    {
        var released = Transfer;
        _transfer = null;
        return released;
    }

    /// <inheritdoc/>
    protected override ValueTask CloseAsync() => _transfer?.DisposeAsync() ?? ValueTask.CompletedTask;
}

/// <summary>An answer whose body a handler is reading.</summary>
internal sealed class HttpDownload(ServiceBinding binding, ServiceScope scope, HttpTransfer transfer, string host) : HttpStream(binding, scope, host)
{
    /// <summary>The request that it answers.</summary>
    public HttpTransfer Transfer { get; } = transfer;

    /// <inheritdoc/>
    protected override ValueTask CloseAsync() => Transfer.DisposeAsync();
}
