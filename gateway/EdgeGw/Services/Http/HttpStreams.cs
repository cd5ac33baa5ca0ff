namespace EdgeGw.Services.Http;

/// <summary>A request whose body a handler is writing.</summary>
internal sealed class HttpUpload(ServiceBinding binding, ServiceScope scope, HttpTransfer transfer, string host, int timeoutMs) : ServiceStream(binding, scope)
{
    private HttpTransfer? _transfer = transfer;

    /// <summary>The request; not after <see cref="Release"/>.</summary>
    public HttpTransfer Transfer => _transfer!;

    /// <summary>The server, for people.</summary>
    public string Host { get; } = host;

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
internal sealed class HttpDownload(ServiceBinding binding, ServiceScope scope, HttpTransfer transfer, string host) : ServiceStream(binding, scope)
{
    /// <summary>The request that it answers.</summary>
    public HttpTransfer Transfer { get; } = transfer;

    /// <summary>The server, for people.</summary>
    public string Host { get; } = host;

    /// <inheritdoc/>
    protected override ValueTask CloseAsync() => Transfer.DisposeAsync();
}
