namespace EdgeGw.Load;

/// <summary>Servers of one comparison, the gateway first; ended together.</summary>
internal sealed class Started : IAsyncDisposable
{
    private readonly List<IServer> _servers = [];

    /// <summary>Takes one over.</summary>
    public void Add(IServer server) => _servers.Add(server);

    /// <summary>All of them, asked the same.</summary>
    public IReadOnlyList<Contender> Asked(Ask ask) => [.. _servers.Select(server => new Contender(server, ask))];

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers)
        {
            await server.DisposeAsync();
        }
    }
}
