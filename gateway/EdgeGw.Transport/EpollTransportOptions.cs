namespace EdgeGw.Transport;

/// <summary>Bounds of an <see cref="EpollTransport"/>.</summary>
public sealed class EpollTransportOptions
{
    /// <summary>Event loops, each on a thread of its own: one for every processor.</summary>
    public int Loops { get; set; } = Environment.ProcessorCount;

    /// <summary>The most threads at once: those of the loops, and those that are inside something that blocks. When all are inside, connections of their loops wait.</summary>
    public int MaxThreads { get; set; } = 256;

    /// <summary>How long a loop may be inside one connection's work before another thread goes on with the loop; watched in steps of this length.</summary>
    public TimeSpan HandOver { get; set; } = TimeSpan.FromMilliseconds(1);

    /// <summary>Bytes received and not read yet, for one connection; the peer is made to wait beyond.</summary>
    public long MaxReadBufferSize { get; set; } = 1024 * 1024;

    /// <summary>Bytes written and not sent yet, for one connection; who writes is made to wait beyond.</summary>
    public long MaxWriteBufferSize { get; set; } = 64 * 1024;

    /// <summary>Bytes that the kernel takes from one connection beyond what its peer has room for (TCP_NOTSENT_LOWAT, tcp(7)); 0: as many as the kernel likes, which is some megabytes for each of those who do
    /// not read.</summary>
    public int MaxUnsentBytes { get; set; } = 128 * 1024;

    /// <summary>Bytes per second that a peer must take of what waits for it, on average over <see cref="SlowReaderWindow"/>; one that takes less is reset.</summary>
    public long MinSendBytesPerSecond { get; set; } = 240;

    /// <summary>The time over which <see cref="MinSendBytesPerSecond"/> is measured.</summary>
    public TimeSpan SlowReaderWindow { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a connection that this side has ended waits for the client's end, once <see cref="EpollTransport.BeginLingering"/> was called.</summary>
    public TimeSpan Linger { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Connections that wait to be accepted, for listening sockets that are bound here.</summary>
    public int Backlog { get; set; } = 512;

    /// <summary>Bytes of unused buffers that are kept to be used again.</summary>
    public long MaxPooledBytes { get; set; } = 64 * 1024 * 1024;
}
