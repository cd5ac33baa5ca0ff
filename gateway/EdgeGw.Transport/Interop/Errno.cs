namespace EdgeGw.Transport.Interop;

/// <summary>The errors of Linux system calls that mean something here (errno(3)); the same numbers on x64 and arm64.</summary>
internal static class Errno
{
    public const int Interrupted = 4; // EINTR
    public const int Again = 11; // EAGAIN
    public const int BrokenPipe = 32; // EPIPE
    public const int NoNetwork = 64; // ENONET
    public const int ProtocolError = 71; // EPROTO
    public const int NoProtocolOption = 92; // ENOPROTOOPT
    public const int NetworkDown = 100; // ENETDOWN
    public const int NetworkUnreachable = 101; // ENETUNREACH
    public const int ConnectionAborted = 103; // ECONNABORTED
    public const int ConnectionReset = 104; // ECONNRESET
    public const int NotConnected = 107; // ENOTCONN
    public const int HostDown = 112; // EHOSTDOWN
    public const int HostUnreachable = 113; // EHOSTUNREACH

    /// <summary>Accept failed because of that one connection (accept(2), "Error handling"): the next one may be fine.</summary>
    public static bool IsConnectionsOwn(int error) =>
        error is ConnectionAborted or ProtocolError or NoProtocolOption or NoNetwork or NetworkDown or NetworkUnreachable or HostDown or HostUnreachable or Interrupted;

    /// <summary>The peer has ended the connection its own way.</summary>
    public static bool IsReset(int error) => error is ConnectionReset or BrokenPipe or NotConnected;
}
