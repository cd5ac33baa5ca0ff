using EdgeGw.Testing.Interop;

namespace EdgeGw.Testing;

/// <summary>A request under way: for a test that watches a response arrive, or leaves before it does.</summary>
public sealed class FakeCall
{
    private readonly FakeExchange _exchange;

    internal FakeCall(FakeExchange exchange) => _exchange = exchange;

    /// <summary>The response's head, as soon as the handler sent it.</summary>
    public Task<FakeHead> Head => _exchange.Head;

    /// <summary>The response's body as it arrives. Reading it makes room for more.</summary>
    public Stream Body => _exchange.BodyReader;

    /// <summary>Ends when the handler has completed the exchange.</summary>
    public Task Completion => _exchange.Completion;

    /// <summary>Why the handler failed, once it has; else null.</summary>
    public string? Error => _exchange.Error;

    /// <summary>The client leaves: what the handler reads or writes from now on is refused, and its token is cancelled.</summary>
    public void Cancel() => _exchange.Cancel(timedOut: false);

    /// <summary>Reads the rest.</summary>
    public async Task<FakeResponse> ReadAsync(CancellationToken cancellationToken = default)
    {
        using var body = new MemoryStream();
        var head = await Head.WaitAsync(cancellationToken).ConfigureAwait(false);
        await Body.CopyToAsync(body, cancellationToken).ConfigureAwait(false);
        await Completion.WaitAsync(cancellationToken).ConfigureAwait(false);
        return new FakeResponse(head, body.ToArray(), Error);
    }
}
