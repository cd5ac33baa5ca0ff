namespace EdgeGw.Blame;

/// <summary>Where things lie in the memory that a worker and control share: who is inside which call, written by the worker, read by control when the worker has died. Offsets and sizes in
/// bytes. Both processes are the same program, so the layout may change from version to version.</summary>
internal static class BlameLayout
{
    /// <summary>Number of thread slots (int), written by control.</summary>
    public const int ThreadsField = 0;
    /// <summary>Number of request records (int), written by control.</summary>
    public const int RequestsField = 4;
    /// <summary>The highest version described so far (int).</summary>
    public const int VersionsField = 8;
    /// <summary>Threads that found no slot (int).</summary>
    public const int OverflowField = 12;
    /// <summary>The worker's half of every numbered request id (ulong).</summary>
    public const int WorkerField = 16;
    /// <summary>The version whose start the worker has given up, for which it ends (int); 0 for none.</summary>
    public const int UnfinishedField = 24;

    /// <summary>How the process ended; written by <c>fatal.c</c>, whose struct this mirrors.</summary>
    public const int Fatal = 64;
    /// <summary>Bytes of it.</summary>
    public const int FatalBytes = 64;
    /// <summary>The stack of the thread that died, from its top.</summary>
    public const int Stack = 4096;
    /// <summary>Most bytes of it.</summary>
    public const int StackBytes = 16_384;

    /// <summary>The thread slots.</summary>
    public const int Threads = Stack + StackBytes;
    /// <summary>Bytes of a slot: a cache line, so that threads do not share one.</summary>
    public const int ThreadBytes = 64;

    /// <summary>Bytes of a request record: its exchange's id, its number, the length of its text, the text.</summary>
    public const int RequestBytes = 160;
    /// <summary>Bytes of a version's description.</summary>
    public const int VersionBytes = 256;
    /// <summary>Where the hash begins in it, behind the addresses of image, code and the code's end; behind it the lengths of name and version, then both.</summary>
    public const int VersionHash = 24;
    /// <summary>Where the count of its requests (long) is: behind the hash, two lengths and two names, aligned.</summary>
    public const int VersionRequests = 192;
    /// <summary>Most bytes of a version's name, and of its version.</summary>
    public const int NameBytes = 64;
    /// <summary>Versions that have room: as many as a worker can load.</summary>
    public const int Versions = ushort.MaxValue + 1;

    /// <summary>Where the request records begin.</summary>
    public static int RequestsAt(int threads) => Threads + (threads * ThreadBytes);

    /// <summary>Where the descriptions of versions begin.</summary>
    public static long VersionsAt(int threads, int requests) => RequestsAt(threads) + ((long)requests * RequestBytes);

    /// <summary>The size of it all. Only the pages that are written take memory.</summary>
    public static long Size(int threads, int requests) => VersionsAt(threads, requests) + ((long)Versions * VersionBytes);
}
