using System.Runtime.InteropServices;
using System.Text;
using EdgeGw.Blame;
using EdgeGw.Epochs;
using EdgeGw.Pipeline;
using EdgeGw.Pipeline.Accept;

namespace EdgeGw.Interop;

/// <summary>The worker's side of the memory that tells control, when the worker has died, who was inside which call. Memory, not a file on a disk: the kernel stops a thread that writes to
/// a mapped page of a file while that page is on its way to the disk (docs/decisions/0010). Without a descriptor (the scout, tests) everything is written where nobody looks.</summary>
internal static unsafe partial class BlameMemory
{
    private const int ReadWrite = 3; // PROT_READ | PROT_WRITE
    private const int Shared = 1; // MAP_SHARED
    private const int Fixed = 0x10; // MAP_FIXED
    private const int PrivateAnonymous = 0x22; // MAP_PRIVATE | MAP_ANONYMOUS

    // Where threads beyond the last slot write, all of them: never read.
    private static readonly BlameSlot* s_nowhere = (BlameSlot*)NativeMemory.AllocZeroed(BlameLayout.ThreadBytes);
    private static readonly Lock s_claiming = new();
    private static byte* s_memory;
    private static BlameRequest* s_requests;
    private static int s_requestCount;
    private static int s_threads;
    private static int s_fullClaims;
    private static nint[] s_stacks = [];

    /// <summary>Maps what control has made. Once, before the first library is loaded.</summary>
    public static void Open(int descriptor)
    {
        using var file = new Microsoft.Win32.SafeHandles.SafeFileHandle(descriptor, ownsHandle: true);
        var size = RandomAccess.GetLength(file);
        // Between pages that nobody may touch: a handler that runs over the end of memory beside it must not run into this.
        var guard = (nuint)Environment.SystemPageSize;
        var pages = ((nuint)size + guard - 1) / guard * guard;
        var room = Map(null, pages + (2 * guard), 0, PrivateAnonymous, -1, 0);
        var memory = room == (void*)-1 ? room : Map((byte*)room + guard, (nuint)size, ReadWrite, Shared | Fixed, descriptor, 0);
        if (memory == (void*)-1)
        {
            throw new IOException($"The memory shared with control cannot be mapped: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");
        }
        s_memory = (byte*)memory;
        s_threads = *(int*)(s_memory + BlameLayout.ThreadsField);
        s_stacks = new nint[s_threads];
        s_requestCount = *(int*)(s_memory + BlameLayout.RequestsField);
        s_requests = (BlameRequest*)(s_memory + BlameLayout.RequestsAt(s_threads));
        *(ulong*)(s_memory + BlameLayout.WorkerField) = RequestIdValue.Worker;
        FatalSignals.Watch(s_memory + BlameLayout.Fatal, s_memory + BlameLayout.Stack, BlameLayout.StackBytes);
    }

    /// <summary>Says what a version's number stands for, before its library is loaded.</summary>
    public static void Describe(ushort ordinal, EpochHandler handler)
    {
        if (s_memory is null)
        {
            return;
        }
        var version = VersionAt(ordinal);
        Convert.FromHexString(handler.Sha256, new Span<byte>(version->Hash, 32), out _, out _);
        Encoding.UTF8.TryGetBytes(handler.Name, new Span<byte>(version->Name, BlameLayout.NameBytes), out var length);
        version->NameLength = (byte)length;
        Encoding.UTF8.TryGetBytes(handler.Version, new Span<byte>(version->Version, BlameLayout.NameBytes), out length);
        version->VersionLength = (byte)length;
        var highest = (int*)(s_memory + BlameLayout.VersionsField);
        *highest = Math.Max(*highest, ordinal);
    }

    /// <summary>Says that this process ends since a version does not come out of its start. False when nobody reads it who would start another one without that version.</summary>
    public static bool GiveUp(ushort ordinal)
    {
        if (s_memory is null)
        {
            return false;
        }
        *(int*)(s_memory + BlameLayout.UnfinishedField) = ordinal;
        return true;
    }

    /// <summary>Says where a version's library lies: <paramref name="entry"/> is an address in it.</summary>
    public static void Locate(ushort ordinal, nint entry)
    {
        if (s_memory is not null && LibraryImage.TryFind(entry, out var image, out var code, out var codeEnd))
        {
            var version = VersionAt(ordinal);
            (version->Image, version->Code, version->CodeEnd) = (image, code, codeEnd);
        }
    }

    /// <summary>Another version of the same library: its image is that of the first.</summary>
    public static void Share(ushort ordinal, ushort first)
    {
        if (s_memory is not null)
        {
            var version = VersionAt(ordinal);
            var known = VersionAt(first);
            (version->Image, version->Code, version->CodeEnd) = (known->Image, known->Code, known->CodeEnd);
        }
    }

    /// <summary>Where the requests of a version are counted. Without shared memory it is eight bytes of this process's own, which like its versions are never freed.</summary>
    public static long* CounterOf(ushort ordinal) => s_memory is null ? (long*)NativeMemory.AllocZeroed(sizeof(long)) : &VersionAt(ordinal)->Requests;

    /// <summary>A handler gets a request. Ten nanoseconds are the bound of this and a call's slot together (bench, BlameBench).</summary>
    public static void Begin(ulong exchange, RequestIdValue id)
    {
        var index = ExchangeId.Slot(exchange);
        if (index >= s_requestCount)
        {
            return;
        }
        var request = s_requests + index;
        request->Number = id.Number;
        request->TextLength = id.Text is { } text && Encoding.Latin1.TryGetBytes(text, new Span<byte>(request->Text, 128), out var length) ? (byte)length : (byte)0;
        request->Exchange = exchange;
    }

    /// <summary>The handler has it no longer.</summary>
    public static void End(int index)
    {
        if (index < s_requestCount)
        {
            s_requests[index].Exchange = 0;
        }
    }

    /// <summary>A slot for this thread.</summary>
    public static BlameSlot* Claim()
    {
        if (s_memory is null)
        {
            return s_nowhere;
        }
        var thread = ThreadId();
        lock (s_claiming)
        {
            var slots = (BlameSlot*)(s_memory + BlameLayout.Threads);
            var free = Free(slots);
            if (free < 0)
            {
                // Not for each of a thousand threads more: looking through them all takes a millisecond.
                if (s_fullClaims++ % 64 == 0)
                {
                    ForgetDead(slots);
                    free = Free(slots);
                }
                if (free < 0)
                {
                    ++*(int*)(s_memory + BlameLayout.OverflowField);
                    return s_nowhere;
                }
            }
            slots[free] = new BlameSlot { Thread = thread };
            s_stacks[free] = (nint)FatalSignals.GiveStack((void*)s_stacks[free]);
            return slots + free;
        }
    }

    /// <summary>Threads that found no slot since the start.</summary>
    public static int Overflow => s_memory is null ? 0 : *(int*)(s_memory + BlameLayout.OverflowField);

    private static int Free(BlameSlot* slots)
    {
        for (var i = 0; i < s_threads; i++)
        {
            if (slots[i].Thread == 0)
            {
                return i;
            }
        }
        return -1;
    }

    // Nobody says goodbye when a thread ends.
    private static void ForgetDead(BlameSlot* slots)
    {
        for (var i = 0; i < s_threads; i++)
        {
            if (!Directory.Exists(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"/proc/self/task/{slots[i].Thread}")))
            {
                slots[i] = default;
            }
        }
    }

    private static BlameVersion* VersionAt(ushort ordinal) => (BlameVersion*)(s_memory + BlameLayout.VersionsAt(s_threads, s_requestCount)) + ordinal;

    private static int ThreadId() => OperatingSystem.IsLinux() ? GetThreadId() : Environment.CurrentManagedThreadId;

    [LibraryImport("libc", EntryPoint = "mmap", SetLastError = true)]
    private static partial void* Map(void* address, nuint length, int protection, int flags, int descriptor, nint offset);

    [LibraryImport("libc", EntryPoint = "gettid")]
    private static partial int GetThreadId();
}
