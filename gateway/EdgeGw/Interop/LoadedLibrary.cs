using System.Runtime.InteropServices;
using EdgeGw.Abi;
using EdgeGw.Blame;
using EdgeGw.Epochs;

namespace EdgeGw.Interop;

/// <summary>A handler library in this process. There is no way back: it stays mapped until the process ends.</summary>
internal sealed unsafe class LoadedLibrary
{
    // Loads are one at a time: the heap limit of a NativeAOT library goes through the process's environment, which its runtime reads no later than at its entry. init is called outside.
    private static readonly Lock s_loading = new();
    private static readonly HashSet<string> s_tried = [];
    private static readonly HashSet<string> s_loaded = [];
    private static volatile string? s_current;
    private static volatile string? s_givenUp;

    [ThreadStatic]
    private static string? t_error;

    private readonly AbiHandler _handler;
    private void* _instance;

    private LoadedLibrary(AbiHandler handler, Manifest manifest, ushort ordinal)
    {
        _handler = handler;
        Ordinal = ordinal;
        Manifest = manifest;
    }

    /// <summary>The version that it was loaded for; others may share it.</summary>
    public ushort Ordinal { get; }

    /// <summary>What the library says of itself, checked.</summary>
    public Manifest Manifest { get; }

    /// <summary>The ABI version it asks for.</summary>
    public string Abi => $"{_handler.AbiMajor}.{_handler.AbiMinor}";

    /// <summary>The file of a library that does not come out of being loaded; as long as it does not, this process can load no other. Null when there is none.</summary>
    public static string? Blocking => s_current is { } path && path == s_givenUp ? Path.GetFileName(path) : null;

    /// <summary>Loads and initialises a library.</summary>
    /// <param name="path">A path that has not been loaded before: the loader would hand back the old library for a known one.</param>
    /// <param name="ordinal">What the host's tables will know the library by.</param>
    /// <param name="heapBytes">The limit of the library's own GC heap, if it has one.</param>
    /// <exception cref="LoadFailure">It cannot be used, and why.</exception>
    public static LoadedLibrary Load(string path, ushort ordinal, long heapBytes)
    {
        var (library, host) = Map(path, ordinal, heapBytes);
        library.Init((AbiHost*)host);
        lock (s_tried)
        {
            s_loaded.Add(path);
        }
        return library;
    }

    /// <summary>Nobody waits any more for the load of a path.</summary>
    public static void GiveUp(string path) => s_givenUp = path;

    private static (LoadedLibrary Library, nint Host) Map(string path, ushort ordinal, long heapBytes)
    {
        // Whoever calls waits for one load before the next: a load that still holds the lock is stuck in foreign code, and no later one can begin.
        if (!s_loading.TryEnter())
        {
            throw new LoadFailure($"no library can be loaded, since {Path.GetFileName(s_current)} does not come out of being loaded; a fresh worker takes over in a moment.");
        }
        try
        {
            s_current = path;
            lock (s_tried)
            {
                s_tried.Add(path);
            }
            t_error = null;
            LibraryEnvironment.SetFor(heapBytes);
            var loading = BlamedCall.Enter(CallPhase.Load, ordinal, exchange: 0);
            var isLoaded = NativeLibrary.TryLoad(path, out var handle);
            loading.Leave();
            if (!isLoaded)
            {
                throw new LoadFailure(LibraryEnvironment.LastLoaderError(path));
            }
            if (!NativeLibrary.TryGetExport(handle, AbiVersion.EntrySymbol, out var entry))
            {
                throw new LoadFailure($"{Path.GetFileName(path)} is a shared library but does not export '{AbiVersion.EntrySymbol}'; build it with the EdgeGw.Handler.Sdk or against edgegw.h.");
            }

            BlameMemory.Locate(ordinal, entry);
            var host = HostTables.CreateHost(ordinal);
            var entering = BlamedCall.Enter(CallPhase.Load, ordinal, exchange: 0);
            var table = ((delegate* unmanaged<AbiHost*, AbiHandler*>)entry)(host);
            entering.Leave();
            var handler = Check(path, table);
            if (!ManifestReader.TryRead(handler.Manifest.AsSpan(), out var manifest, out var error))
            {
                throw new LoadFailure(error!);
            }

            return (new LoadedLibrary(handler, manifest!, ordinal), (nint)host);
        }
        finally
        {
            s_current = null;
            s_loading.Exit();
        }
    }

    /// <summary>Whether this path was loaded or tried before: the loader would hand back the same mapping, with whatever its first start left in it.</summary>
    public static bool WasTried(string path)
    {
        lock (s_tried)
        {
            return s_tried.Contains(path);
        }
    }

    /// <summary>The files of all libraries that have started well; none is ever unmapped.</summary>
    public static HashSet<string> Files()
    {
        lock (s_tried)
        {
            return [.. s_loaded];
        }
    }

    /// <summary>Remembers what a library says through <c>set_error</c>.</summary>
    internal static void SetError(string message) => t_error = message;

    /// <summary>Answers one request; the ABI's contract is in <c>edgegw/handler.h</c>.</summary>
    public AbiResult Handle(uint route, AbiRequest* request) => _handler.Handle(_instance, route, request);

    /// <summary>Tells the library that it has been replaced.</summary>
    public void Drain()
    {
        if (_handler.Drain is not null)
        {
            var call = BlamedCall.Enter(CallPhase.Drain, Ordinal, exchange: 0);
            _handler.Drain(_instance);
            call.Leave();
        }
    }

    /// <summary>Runs the library's own check.</summary>
    /// <exception cref="LoadFailure">It failed, and why.</exception>
    public void SelfTest()
    {
        t_error = null;
        if (_handler.SelfTest is not null && _handler.SelfTest(_instance) is var result && result != AbiResult.Ok)
        {
            throw new LoadFailure($"{Manifest.Name}'s self-test failed: {t_error ?? $"it returned {result} and gave no reason"}");
        }
    }

    private static AbiHandler Check(string path, AbiHandler* table)
    {
        var file = Path.GetFileName(path);
        if (table is null)
        {
            throw new LoadFailure($"{file} refused this gateway (ABI {AbiVersion.Major}.{AbiVersion.Minor}): {t_error ?? "its entry returned NULL and gave no reason"}");
        }

        // Only what lies within the table's own size may be read; the version fields come first in every version of the contract.
        var size = table->Size;
        if (size < 8)
        {
            throw new LoadFailure($"{file}'s handler table says it has {size} bytes, too few for its version; set edgegw_handler.size to sizeof(edgegw_handler).");
        }
        if (table->AbiMajor != AbiVersion.Major || table->AbiMinor > AbiVersion.Minor)
        {
            var remedy = table->AbiMajor > AbiVersion.Major || table->AbiMajor == AbiVersion.Major
                ? "upgrade the gateway, or rebuild the library with an older SDK"
                : "rebuild the library with a current SDK";
            throw new LoadFailure($"{file} needs ABI {table->AbiMajor}.{table->AbiMinor} and this gateway offers {AbiVersion.Major}.{AbiVersion.Minor}: {remedy}.");
        }

        var handler = default(AbiHandler);
        var known = Math.Min(size, (uint)sizeof(AbiHandler));
        Buffer.MemoryCopy(table, &handler, sizeof(AbiHandler), known);
        if (handler.Handle is null)
        {
            throw new LoadFailure($"{file}'s handler table ({size} bytes) has no 'handle' function, so it cannot answer requests.");
        }
        if (handler.Manifest.Data is null || handler.Manifest.Length == 0)
        {
            throw new LoadFailure($"{file} has no manifest; set edgegw_handler.manifest to the JSON that docs/manifest.md describes.");
        }
        if (handler.Manifest.Length > ManifestReader.MaxBytes)
        {
            throw new LoadFailure($"{file}'s manifest has {handler.Manifest.Length} bytes; {ManifestReader.MaxBytes} are allowed.");
        }
        return handler;
    }

    private void Init(AbiHost* host)
    {
        if (_handler.Init is null)
        {
            return;
        }
        void* instance = null;
        var call = BlamedCall.Enter(CallPhase.Init, Ordinal, exchange: 0);
        var result = _handler.Init(host, &instance);
        call.Leave();
        if (result != AbiResult.Ok)
        {
            throw new LoadFailure($"{Manifest.Name} refused to start: {t_error ?? $"its init returned {result} and gave no reason"}");
        }
        _instance = instance;
    }
}
