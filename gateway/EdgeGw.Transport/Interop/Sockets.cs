using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace EdgeGw.Transport.Interop;

/// <summary>Calls on non-blocking sockets. What is negative is an <see cref="Errno"/>, negated. Not System.Net.Sockets, whose engine has threads and queues of its own.</summary>
internal static unsafe partial class Sockets
{
    /// <summary>Bytes of the largest socket address: sizeof(struct sockaddr_storage).</summary>
    public const int AddressBytes = 128;

    private const int MaxPieces = 16; // of 4 KiB: more than a socket's buffer mostly has room for
    private const int NoSignal = 0x4000; // MSG_NOSIGNAL
    private const int NonBlocking = 0x800; // SOCK_NONBLOCK
    private const int CloseOnExec = 0x80000; // SOCK_CLOEXEC
    private const int SocketLevel = 1; // SOL_SOCKET
    private const int NoFamily = 0; // AF_UNSPEC
    private const int LingerOption = 13; // SO_LINGER
    private const nuint OutQueue = 0x5411; // SIOCOUTQ
    private const int ReadSide = 0; // SHUT_RD
    private const int BothSides = 2; // SHUT_RDWR

    /// <summary>Takes a connection from a listening socket; the address is the peer's.</summary>
    public static int Accept(int listener, Span<byte> address, out int addressLength)
    {
        fixed (byte* data = address)
        {
            var length = (uint)address.Length;
            var accepted = accept4(listener, data, &length, NonBlocking | CloseOnExec);
            addressLength = (int)length;
            return (int)Result(accepted);
        }
    }

    /// <summary>The address on this side; its length, or an error.</summary>
    public static int LocalAddress(int socket, Span<byte> address)
    {
        fixed (byte* data = address)
        {
            var length = (uint)address.Length;
            var result = Result(getsockname(socket, data, &length));
            return result < 0 ? (int)result : (int)length;
        }
    }

    /// <summary>Bytes that were sent and that the peer has not confirmed yet; 0 where the system does not say.</summary>
    public static int Queued(int socket)
    {
        var bytes = 0;
        return ioctl(socket, OutQueue, &bytes) == 0 ? bytes : 0;
    }

    /// <summary>Receives what is there; 0 at the peer's end.</summary>
    public static int Receive(int socket, Span<byte> buffer)
    {
        fixed (byte* data = buffer)
        {
            return (int)Result(recv(socket, data, (nuint)buffer.Length, 0));
        }
    }

    /// <summary>Sends as much as fits into the socket's buffer, and at most so many pieces as one call takes.</summary>
    public static long Send(int socket, in ReadOnlySequence<byte> bytes)
    {
        if (bytes.IsSingleSegment)
        {
            fixed (byte* data = bytes.FirstSpan)
            {
                return Result(send(socket, data, (nuint)bytes.FirstSpan.Length, NoSignal));
            }
        }
        var pieces = stackalloc Piece[MaxPieces];
        var pins = default(Pins);
        var count = 0;
        try
        {
            foreach (var piece in bytes)
            {
                if (piece.Length > 0)
                {
                    pins[count] = piece.Pin();
                    pieces[count] = new Piece { Data = pins[count].Pointer, Length = (nuint)piece.Length };
                    if (++count == MaxPieces)
                    {
                        break;
                    }
                }
            }
            var message = new Message { Pieces = pieces, PieceCount = (nuint)count };
            return Result(sendmsg(socket, &message, NoSignal));
        }
        finally
        {
            for (var i = 0; i < count; i++)
            {
                pins[i].Dispose();
            }
        }
    }

    /// <summary>Ends both directions; the peer sees an orderly end after what was sent.</summary>
    public static void ShutdownBoth(int socket) => _ = shutdown(socket, BothSides);

    /// <summary>Resets the connection at once and keeps the descriptor; where that is not possible (Unix sockets), <see cref="Close"/> ends it with a reset.</summary>
    public static void Reset(int socket)
    {
        var linger = new LingerValue { On = 1, Seconds = 0 };
        _ = setsockopt(socket, SocketLevel, LingerOption, &linger, (uint)sizeof(LingerValue));
        var nobody = stackalloc byte[16]; // struct sockaddr
        *(ushort*)nobody = NoFamily;
        if (connect(socket, nobody, 16) != 0)
        {
            _ = shutdown(socket, ReadSide);
        }
    }

    /// <summary>Gives a descriptor back.</summary>
    public static void Close(int descriptor) => _ = close(descriptor);

    private static long Result(nint result) => result >= 0 ? result : -Marshal.GetLastSystemError();

    [LibraryImport("libc")]
    private static partial int accept4(int socket, byte* address, uint* length, int flags);

    [LibraryImport("libc")]
    private static partial int connect(int socket, byte* address, uint length);

    [LibraryImport("libc")]
    private static partial int getsockname(int socket, byte* address, uint* length);

    [LibraryImport("libc")]
    private static partial nint recv(int socket, byte* buffer, nuint length, int flags);

    [LibraryImport("libc")]
    private static partial nint send(int socket, byte* buffer, nuint length, int flags);

    [LibraryImport("libc")]
    private static partial nint sendmsg(int socket, Message* message, int flags);

    [LibraryImport("libc")]
    private static partial int ioctl(int descriptor, nuint request, int* value);

    [LibraryImport("libc")]
    private static partial int shutdown(int socket, int how);

    [LibraryImport("libc")]
    private static partial int setsockopt(int socket, int level, int option, void* value, uint length);

    [LibraryImport("libc")]
    private static partial int close(int descriptor);

    // struct iovec
    private struct Piece
    {
        public void* Data;
        public nuint Length;
    }

    // struct msghdr
    private struct Message
    {
        public void* Name;
        public uint NameLength;
        public Piece* Pieces;
        public nuint PieceCount;
        public void* Control;
        public nuint ControlLength;
        public int Flags;
    }

    // struct linger
    private struct LingerValue
    {
        public int On;
        public int Seconds;
    }

    [InlineArray(MaxPieces)]
    private struct Pins
    {
        private MemoryHandle _first;
    }
}
