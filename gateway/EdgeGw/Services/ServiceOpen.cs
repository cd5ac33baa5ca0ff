namespace EdgeGw.Services;

/// <summary>Something a service keeps open for one exchange: a transaction, a cursor, a stream, a lead.</summary>
internal abstract class ServiceOpen
{
    private static ulong s_last;

    /// <summary>The number that names it, never used again in this process.</summary>
    public ulong Id { get; } = Interlocked.Increment(ref s_last);

    /// <summary>Its exchange has ended: it closes by itself, undoing what is not finished. Must not block.</summary>
    public abstract void Abandon();
}
