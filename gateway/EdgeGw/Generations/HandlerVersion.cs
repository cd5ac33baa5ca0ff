using System.Diagnostics;
using EdgeGw.Calls;
using EdgeGw.Epochs;
using EdgeGw.Interop;
using EdgeGw.Pipeline.Pin;
using EdgeGw.Pipeline.Relay;
using EdgeGw.Services;

namespace EdgeGw.Generations;

/// <summary>Where a version is in its life.</summary>
internal enum VersionState
{
    /// <summary>Its library is being loaded.</summary>
    Loading,
    /// <summary>It takes requests.</summary>
    Live,
    /// <summary>It takes none any more and finishes those under way.</summary>
    Draining,
    /// <summary>Nothing is under way. Its code stays mapped: a later epoch may bring it back at once.</summary>
    Retired,
    /// <summary>It could not be loaded; its routes answer 503.</summary>
    Failed,
    /// <summary>It did harm and is not used any more; its routes answer 503 with the reason.</summary>
    Quarantined,
}

/// <summary>One loaded library under one deployment's settings, from load to retirement. Never unloaded: a NativeAOT runtime cannot be.</summary>
internal sealed class HandlerVersion
{
    private readonly Lock _transition = new();
    private volatile VersionState _state = VersionState.Loading;
    private Lease _lease = new();
    private volatile bool _isDesired;
    private readonly VersionCounter _requests;
    private long _faults;

    /// <summary>A version that is about to be loaded.</summary>
    /// <param name="ordinal">Its number in this worker.</param>
    /// <param name="config">The deployment.</param>
    /// <param name="hardDeadlineMs">Milliseconds after the deadline until a thread of its is given up; 0: never.</param>
    /// <param name="concurrency">Bounds the requests of all its routes together; null: nothing does.</param>
    public HandlerVersion(ushort ordinal, EpochHandler config, int hardDeadlineMs = 0, RequestGate? concurrency = null)
    {
        Ordinal = ordinal;
        _requests = new VersionCounter(ordinal);
        Config = config;
        HardDeadlineTicks = hardDeadlineMs * (Stopwatch.Frequency / 1000);
        Concurrency = concurrency;
        ConfigTexts = new ConfigTexts(config.Config);
    }

    /// <summary>Its number in this worker, 1 and up: part of every exchange id, so that a stale one can be blamed.</summary>
    public ushort Ordinal { get; }

    /// <summary>The deployment, as the epoch has it.</summary>
    public EpochHandler Config { get; }

    /// <summary>What it uses of what all share.</summary>
    public HandlerUsage Usage { get; } = new();

    /// <summary>How long after its deadline a call may hold a thread, in timestamp ticks; 0: for ever.</summary>
    public long HardDeadlineTicks { get; }

    /// <summary>Bounds the requests of all its routes together; null: nothing does.</summary>
    public RequestGate? Concurrency { get; }

    /// <summary>Bounds the rate of its calls of services; null: nothing does.</summary>
    public ServiceRate? ServiceRate { get; init; }

    /// <summary>The way to the worker of its own that it runs in; null when it runs in this process.</summary>
    public IsolatedLink? Isolated { get; init; }

    /// <summary>What its library says of its own heap; null when it says nothing.</summary>
    public HandlerMemory? Memory { get; set; }

    /// <summary>The deployment's settings as native text.</summary>
    public ConfigTexts ConfigTexts { get; }

    /// <summary>The library; null where it runs in a process of its own, and while it is <see cref="VersionState.Loading"/>, <see cref="VersionState.Failed"/> or <see cref="VersionState.Quarantined"/>.</summary>
    public LoadedLibrary? Library { get; private set; }

    /// <summary>Why it could not be loaded, or was taken out of service.</summary>
    public string? Error { get; private set; }

    /// <summary>When it went live the last time.</summary>
    public DateTimeOffset LoadedAt { get; private set; }

    /// <summary>What loading and init took and added.</summary>
    public LoadCost Cost { get; private set; }

    /// <summary>Where it is in its life.</summary>
    public VersionState State => _state;

    /// <summary>Counts the requests inside.</summary>
    public Lease Lease => Volatile.Read(ref _lease);

    /// <summary>Whether it can take requests: it is loaded.</summary>
    public bool IsUsable => _state is not (VersionState.Failed or VersionState.Quarantined);

    /// <summary>Whether it was quarantined in this worker, and no epoch has said so yet.</summary>
    public bool IsQuarantinedHere => _state == VersionState.Quarantined && !_isDesired;

    /// <summary>Requests taken since the load.</summary>
    public long Requests => _requests.Value;

    /// <summary>Calls that broke the contract since the load.</summary>
    public long Faults => Volatile.Read(ref _faults);

    /// <summary>When draining ends by force, in <see cref="TimeProvider"/> timestamps; 0 while it does not drain.</summary>
    public long DrainDeadline { get; private set; }

    /// <summary>The same for responses that have begun, which may go on for longer.</summary>
    public long StreamDrainDeadline { get; private set; }

    /// <summary>Name and version, for people.</summary>
    public override string ToString() => $"{Config.Name} {Config.Version} ({Config.Sha256.AsSpan(0, Math.Min(8, Config.Sha256.Length))})";

    /// <summary>Takes a request in; false when the version has been closed meanwhile. Gives the lease to leave by.</summary>
    public bool TryEnter(out Lease lease)
    {
        lease = Lease;
        if (!lease.TryEnter())
        {
            return false;
        }
        _requests.Increment();
        return true;
    }

    /// <summary>Counts a broken contract; true when it should be logged (the first ten, then every thousandth).</summary>
    public bool CountFault()
    {
        var count = Interlocked.Increment(ref _faults);
        return count <= 10 || count % 1000 == 0;
    }

    /// <summary>The library is there and initialised.</summary>
    public void Loaded(LoadedLibrary library, LoadCost cost, DateTimeOffset now)
    {
        Library = library;
        Cost = cost;
        LoadedAt = now;
    }

    /// <summary>The library cannot be used.</summary>
    public void Failed(string error)
    {
        Error = error;
        _state = VersionState.Failed;
    }

    /// <summary>It does harm: its routes answer 503 from now on. False when that is known already.</summary>
    public bool Quarantine(string reason)
    {
        lock (_transition)
        {
            if (_state is VersionState.Quarantined or VersionState.Failed)
            {
                return false;
            }
            Error = reason;
            _state = VersionState.Quarantined;
            return true;
        }
    }

    /// <summary>An epoch says that it is quarantined.</summary>
    public void QuarantineIsDesired() => _isDesired = true;

    /// <summary>Takes requests, for the first time or again after a rollback; a quarantined one takes none.</summary>
    public void GoLive()
    {
        lock (_transition)
        {
            if (_state == VersionState.Quarantined)
            {
                return;
            }
            (DrainDeadline, StreamDrainDeadline) = (0, 0);
            if (Lease.IsClosed)
            {
                Volatile.Write(ref _lease, new Lease());
            }
            _state = VersionState.Live;
        }
    }

    /// <summary>Takes no request any more; retired when those under way have left.</summary>
    public void Drain(long deadline, long streamDeadline)
    {
        Lease lease;
        lock (_transition)
        {
            if (_state is not (VersionState.Live or VersionState.Quarantined))
            {
                return;
            }
            (DrainDeadline, StreamDrainDeadline) = (deadline, streamDeadline);
            _state = _state == VersionState.Quarantined ? _state : VersionState.Draining;
            lease = Lease;
        }
        lease.Close();
        lease.Drained.ContinueWith(
            static (_, state) =>
            {
                var (version, drained) = ((HandlerVersion, Lease))state!;
                lock (version._transition)
                {
                    // A rollback may have brought it back to life meanwhile, with a lease of its own.
                    if (ReferenceEquals(version.Lease, drained) && version._state == VersionState.Draining)
                    {
                        version._state = VersionState.Retired;
                    }
                }
            },
            (this, lease),
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
    }
}

/// <summary>What a load took: milliseconds of dlopen, entry and init; bytes resident and threads added to the process (a neighbour's change at the same moment is counted along).</summary>
internal readonly record struct LoadCost(double Milliseconds, long ResidentBytes, int Threads);
