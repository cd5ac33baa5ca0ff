using System.Runtime.InteropServices;

namespace EdgeGw.Transport.Interop;

/// <summary>An epoll instance and the room for its events (epoll(7)). All calls but <see cref="Wait"/> and <see cref="this"/> may come from any thread.</summary>
internal sealed unsafe partial class Epoll : IDisposable
{
    /// <summary>Data to read (EPOLLIN).</summary>
    public const uint Readable = 0x1;

    /// <summary>Room to write (EPOLLOUT).</summary>
    public const uint Writable = 0x4;

    /// <summary>An error (EPOLLERR); always reported.</summary>
    public const uint Error = 0x8;

    /// <summary>Both directions have ended (EPOLLHUP); always reported.</summary>
    public const uint HangUp = 0x10;

    /// <summary>The peer has ended its direction (EPOLLRDHUP).</summary>
    public const uint PeerEnded = 0x2000;

    private const uint EdgeTriggered = 1u << 31; // EPOLLET
    private const int CloseOnExec = 0x80000; // EPOLL_CLOEXEC, EFD_CLOEXEC
    private const int NonBlocking = 0x800; // EFD_NONBLOCK
    private const int Add = 1; // EPOLL_CTL_ADD
    private const int Remove = 2; // EPOLL_CTL_DEL
    private const int Modify = 3; // EPOLL_CTL_MOD

    // struct epoll_event is packed on x64 and nowhere else.
    private static readonly int s_eventBytes = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 12 : 16;
    private static readonly int s_dataOffset = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 4 : 8;

    private readonly int _descriptor;
    private readonly int _wake;
    private readonly byte* _events;
    private readonly int _capacity;
    private int _run;

    /// <summary>Makes one with room for so many events at a time. Throws <see cref="IOException"/>.</summary>
    public Epoll(int capacity)
    {
        _capacity = capacity;
        _descriptor = Checked(epoll_create1(CloseOnExec), "epoll_create1");
        _wake = Checked(eventfd(0, CloseOnExec | NonBlocking), "eventfd");
        _events = (byte*)NativeMemory.AllocZeroed((nuint)capacity, (nuint)s_eventBytes);
        Control(Add, _wake, Readable, WakeData);
    }

    /// <summary>The data of the event that <see cref="Wake"/> causes.</summary>
    public static ulong WakeData => ulong.MaxValue;

    /// <summary>Reports every change of a descriptor's state, once each (edge-triggered), with this data, until it is closed.</summary>
    public void Watch(int descriptor, ulong data) => Control(Add, descriptor, Readable | Writable | PeerEnded | EdgeTriggered, data);

    /// <summary>Reports the state that a descriptor is in once more, behind the events that wait already.</summary>
    public void WatchAgain(int descriptor, ulong data) => Control(Modify, descriptor, Readable | Writable | PeerEnded | EdgeTriggered, data);

    /// <summary>Reports no more.</summary>
    public void Forget(int descriptor) => Control(Remove, descriptor, 0, 0);

    /// <summary>Waits for events; how many there are. Falling asleep and being woken costs as much as half a small request. So a loop that has just had several events, and finds none, lets whoever else wants this
    /// processor go first, once: the clients' next requests are often there afterwards, many at a time. One that brings one event at a time sleeps at once.</summary>
    public int Wait()
    {
        if (_run > 1)
        {
            if (Collect(0) is var count && count > 0)
            {
                return count;
            }
            _ = sched_yield(); // cannot fail (sched_yield(2))
        }
        _run = 0;
        return Collect(-1);
    }

    /// <summary>An event of the last <see cref="Wait"/>.</summary>
    public (uint Events, ulong Data) this[int index]
    {
        get
        {
            var at = _events + (index * s_eventBytes);
            return (*(uint*)at, *(ulong*)(at + s_dataOffset));
        }
    }

    /// <summary>Makes <see cref="Wait"/> return.</summary>
    public void Wake()
    {
        ulong one = 1;
        _ = write(_wake, &one, sizeof(ulong));
    }

    /// <summary>What <see cref="Wake"/> caused has been seen.</summary>
    public void Calm()
    {
        ulong count;
        _ = read(_wake, &count, sizeof(ulong));
    }

    /// <summary>Nobody waits any more.</summary>
    public void Dispose()
    {
        Sockets.Close(_wake);
        Sockets.Close(_descriptor);
        NativeMemory.Free(_events);
    }

    private int Collect(int timeout)
    {
        while (true)
        {
            var count = epoll_wait(_descriptor, _events, _capacity, timeout);
            if (count >= 0)
            {
                _run += count; // overflows after years without a pause, into a sleep
                return count;
            }
            if (Marshal.GetLastSystemError() is var error && error != Errno.Interrupted)
            {
                throw Failure("epoll_wait", error);
            }
        }
    }

    private void Control(int operation, int descriptor, uint events, ulong data)
    {
        var bytes = stackalloc byte[16];
        *(uint*)bytes = events;
        *(ulong*)(bytes + s_dataOffset) = data;
        Checked(epoll_ctl(_descriptor, operation, descriptor, bytes), "epoll_ctl");
    }

    private static int Checked(int result, string call) => result >= 0 ? result : throw Failure(call, Marshal.GetLastSystemError());

    private static IOException Failure(string call, int error) => new($"{call} failed: {Marshal.GetPInvokeErrorMessage(error)}.", error);

    [LibraryImport("libc")]
    private static partial int epoll_create1(int flags);

    [LibraryImport("libc")]
    private static partial int eventfd(uint value, int flags);

    [LibraryImport("libc")]
    private static partial int epoll_ctl(int epoll, int operation, int descriptor, byte* change);

    [LibraryImport("libc")]
    private static partial int epoll_wait(int epoll, byte* events, int capacity, int timeout);

    [LibraryImport("libc")]
    private static partial int sched_yield();

    [LibraryImport("libc")]
    private static partial nint write(int descriptor, void* data, nuint length);

    [LibraryImport("libc")]
    private static partial nint read(int descriptor, void* data, nuint length);
}
