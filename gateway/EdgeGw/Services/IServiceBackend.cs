namespace EdgeGw.Services;

/// <summary>The client of one backend, owned by one <see cref="ServiceActor"/>. The kinds of services extend it with their operations.</summary>
internal interface IServiceBackend : IAsyncDisposable
{
    /// <summary>Whether every operation ends at once, without waiting for anything: such calls run on the handler's own thread, past the queue.</summary>
    bool IsImmediate { get; }

    /// <summary>Whether operations block their thread: then each of the actor's loops gets a thread of its own.</summary>
    bool Blocks { get; }

    /// <summary>Asks the backend for a sign of life; throws when there is none.</summary>
    ValueTask CheckAsync(CancellationToken cancellationToken);

    /// <summary>What an exception of this backend's client means to a handler. <see cref="ServiceException"/> and cancellation never come here.</summary>
    ServiceFault Classify(Exception exception);
}
