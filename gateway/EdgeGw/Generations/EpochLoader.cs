using System.Globalization;
using System.IO.Hashing;
using System.Security.Cryptography;
using EdgeGw.Configuration;
using EdgeGw.Epochs;
using EdgeGw.Interop;
using EdgeGw.Logging;
using EdgeGw.Pipeline;
using EdgeGw.Pipeline.Match;
using EdgeGw.Pipeline.Pin;
using EdgeGw.Pipeline.Relay;
using EdgeGw.Services;

namespace EdgeGw.Generations;

/// <summary>Makes an epoch ready beside the one in force: loads what is new, brings back what is known, builds the route table. Nothing of the running epoch changes here.</summary>
internal sealed class EpochLoader(GatewaySettings settings, string stateDirectory, VersionLedger ledger, LogHub log, TimeProvider time)
{
    // What routes keep across epochs. A new epoch is prepared in a dictionary of its own, since it may be refused; the routes that it no longer has are forgotten with the old one.
    private Dictionary<(string Host, string Method, string Shape), RouteState> _inForce = [];
    private Dictionary<(string Host, string Method, string Shape), RouteState> _prepared = [];
    private readonly List<(RequestGate Gate, int Limit)> _limits = [];

    // A handler's gate is its versions' together: a deploy does not double what it may have under way.
    private readonly Dictionary<string, RequestGate> _handlerGates = [];
    private IReadOnlyList<CanaryTrial> _trials = [];
    private List<CanaryTrial> _nextTrials = [];
    private HashSet<HandlerVersion> _serving = [];
    private HashSet<HandlerVersion> _toServe = [];
    private IReadOnlyCollection<string> _again = [];
    private bool _isStrict;
    private bool _isStuck;

    /// <summary>This worker's own folder, for libraries that it loads more than once.</summary>
    public string Copies { get; init; } = Path.Combine(stateDirectory, "run", "copies", "0");

    /// <summary>Versions, as <c>NAME=SHA256</c>, that the worker before this one could not start either: the first epoch of a hand-over is not refused for them.</summary>
    public IReadOnlyCollection<string> Excused { get; init; } = [];

    /// <summary>Builds the state of an epoch.</summary>
    /// <param name="epoch">The epoch.</param>
    /// <param name="strict">Refuse the whole epoch when a library fails that has not failed already (a deploy); otherwise that library's routes answer 503 (a restart, where the others must serve).</param>
    /// <param name="reasons">Every reason for a refusal.</param>
    /// <param name="again">Handlers that failed before and are to be tried again.</param>
    public EpochState? TryLoad(EpochConfig epoch, bool strict, out IReadOnlyList<string> reasons, IReadOnlyCollection<string>? again = null)
    {
        var errors = new List<string>();
        reasons = errors;
        (_isStrict, _isStuck, _again) = (strict, false, again ?? []);
        _prepared = [];
        _limits.Clear();
        _toServe = [];
        _nextTrials = [];
        var table = new RouteTable<Route>();
        var routes = new List<Route>();
        foreach (var handler in epoch.Handlers)
        {
            var version = epoch.QuarantineOf(handler) is { } quarantine ? Quarantined(handler, quarantine) : handler.Isolation is null ? VersionFor(handler) : IsolatedVersionFor(handler);
            if (version is null)
            {
                errors.Add($"This worker has loaded {VersionLedger.MaxVersions} versions, the most it can; restart it.");
                break;
            }
            // What has failed before is no fault of this change.
            if (version.State == VersionState.Failed && !_serving.Contains(version))
            {
                log.Write(Level.Error, "worker", $"{version} cannot be used: {version.Error}");
                if (_serving.Count > 0 || !Excused.Contains($"{handler.Name}={handler.Sha256}"))
                {
                    errors.Add(version.Error!);
                    if (strict && _isStuck)
                    {
                        break; // the next one may take as long
                    }
                }
            }
            _toServe.Add(version);
            AddRoutes(epoch, version, TrialOf(epoch, handler), table, routes, errors);
        }
        return errors.Count > 0 && strict ? null : new EpochState(epoch.Number, table, routes, epoch) { Trials = _nextTrials };
    }

    /// <summary>The epoch prepared last is in force: its routes' limits hold from now on.</summary>
    public void Accepted()
    {
        foreach (var (gate, limit) in _limits)
        {
            gate.Limit = limit;
        }
        _inForce = _prepared;
        _serving = _toServe;
        _trials = _nextTrials;
    }

    private void AddRoutes(EpochConfig epoch, HandlerVersion version, CanaryTrial? trial, RouteTable<Route> table, List<Route> routes, List<string> errors)
    {
        var handler = version.Config;
        // The library's own manifest rules; the epoch's copy serves when the library could not be loaded.
        var manifest = version.Library?.Manifest ?? handler.Manifest;
        for (var i = 0; i < manifest.Routes.Count; i++)
        {
            var declared = manifest.Routes[i];
            var text = handler.Prefix.TrimEnd('/') + declared.Pattern;
            if (!RoutePattern.TryParse(text, out var pattern, out var error))
            {
                errors.Add(error!);
                continue;
            }
            var host = handler.Host ?? declared.Host;
            Route Make(HandlerVersion answering, RouteState state, CanaryTally? tally, CanaryShare? canary) => new()
            {
                Host = host,
                Method = declared.Method,
                Pattern = pattern!,
                Name = declared.Name ?? $"{declared.Method} {text}",
                Index = (uint)i,
                Version = answering,
                State = state,
                DeadlineMs = handler.Limits.DeadlineMs ?? declared.DeadlineMs ?? settings.Limits.DeadlineMs,
                MaxBodyBytes = handler.Limits.MaxBodyBytes ?? declared.MaxBodyBytes ?? settings.Limits.MaxBodyBytes,
                PatternText = NativeText.Immortal(text),
                Tally = tally,
                Canary = canary,
            };
            var state = StateFor(host, declared, pattern!, handler);
            Route route;
            if (trial is null)
            {
                route = Make(version, state, null, null);
            }
            else
            {
                // The share has a gate of its own: a canary that hangs fills that one, not the live version's. It is counted with the route all the same.
                var share = Make(trial.Canary, new RouteState(new RequestGate(state.Gate.Limit, 0), state.Metrics), trial.OfCanary, null);
                route = Make(version, state, trial.OfLive, new CanaryShare(share, trial.Config.Percent));
                share.Live = route;
            }
            if (!table.TryAdd(host, declared.Method, pattern!, route))
            {
                errors.Add($"{handler.Name} declares {declared.Method} {text} on host {host}, which epoch {epoch.Number} has already: remove one of the two or give one another prefix or host.");
                continue;
            }
            routes.Add(route);
        }
    }

    private RouteState StateFor(string host, ManifestRoute declared, RoutePattern pattern, EpochHandler handler)
    {
        var limit = handler.Limits.Concurrency ?? declared.Concurrency ?? settings.Limits.RouteConcurrency;
        var key = (host.ToLowerInvariant(), declared.Method, pattern.Shape);
        if (_inForce.TryGetValue(key, out var state) && state.Metrics.Handler == handler.Name)
        {
            _limits.Add((state.Gate, limit));
        }
        else
        {
            state = new RouteState(new RequestGate(limit, settings.Limits.RouteQueue), new RouteMetrics(handler.Name, declared.Method, pattern.Text));
        }
        _prepared[key] = state;
        return state;
    }

    private HandlerVersion? Quarantined(EpochHandler handler, EpochQuarantine quarantine)
    {
        var version = ledger.All.FirstOrDefault(v => v.State == VersionState.Quarantined && v.Config.Name == handler.Name && v.Config.Sha256 == handler.Sha256 && SameDeployment(v.Config, handler) && v.Error == quarantine.Reason)
            ?? ledger.Add(ordinal => new HandlerVersion(ordinal, handler));
        version?.Quarantine(quarantine.Reason);
        version?.QuarantineIsDesired();
        return version;
    }

    private CanaryTrial? TrialOf(EpochConfig epoch, EpochHandler handler)
    {
        if (epoch.Canaries.FirstOrDefault(canary => canary.Handler.Name == handler.Name) is not { } config || IsolatedVersionFor(config.Handler) is not { } version)
        {
            return null;
        }
        var known = _trials.FirstOrDefault(trial => trial.Canary == version);
        var next = new CanaryTrial(config, version, known?.OfLive ?? new CanaryTally(), known?.OfCanary ?? new CanaryTally());
        _nextTrials.Add(next);
        _toServe.Add(version);
        return next;
    }

    // The library is another process's to load.
    private HandlerVersion? IsolatedVersionFor(EpochHandler handler)
    {
        var key = DeploymentKey.Of(handler);
        return ledger.All.FirstOrDefault(version => version.Isolated?.Key == key && version.IsUsable)
            ?? ledger.Add(ordinal => new HandlerVersion(ordinal, handler, 0, GateFor(handler)) { Isolated = new IsolatedLink(key, DeploymentKey.SocketOf(stateDirectory, key)) });
    }

    private HandlerVersion? VersionFor(EpochHandler handler)
    {
        // One that this worker has taken out of service stays so whatever else changes, until an epoch says so too; deployed by force after that, it is loaded anew.
        if (_serving.FirstOrDefault(v => v.IsQuarantinedHere && v.Config.Name == handler.Name && v.Config.Sha256 == handler.Sha256 && SameDeployment(v.Config, handler)) is { } quarantined)
        {
            return quarantined;
        }
        // So does one that could not be started: each attempt leaves a library in this process.
        if (!_again.Contains(handler.Name) && _serving.FirstOrDefault(v => v.State == VersionState.Failed && SameCode(v.Config, handler) && SameDeployment(v.Config, handler)) is { } failed)
        {
            return failed;
        }
        // The same code under the same settings and with the same services is the same version: a rollback swaps a pointer and loads nothing.
        var sameCode = ledger.All.Where(v => v.IsUsable && v.Isolated is null && SameCode(v.Config, handler)).ToList();
        if (sameCode.Find(v => SameDeployment(v.Config, handler)) is { } same)
        {
            return same;
        }
        var known = sameCode.FirstOrDefault();
        var version = ledger.Add(ordinal => new HandlerVersion(ordinal, handler, handler.Limits.HardDeadlineMs ?? settings.Limits.HardDeadlineMs, GateFor(handler))
        {
            ServiceRate = handler.Limits.ServiceCallsPerSecond is { } perSecond ? new ServiceRate(perSecond, time) : null,
        });
        if (version is null)
        {
            return null;
        }
        if (known?.Library is { } library)
        {
            // Only routing or limits changed: the loaded library serves under both deployments.
            version.Memory = known.Memory;
            BlameMemory.Describe(version.Ordinal, handler);
            BlameMemory.Share(version.Ordinal, library.Ordinal);
            version.Loaded(library, known.Cost, time.GetUtcNow());
            return version;
        }
        Load(version);
        return version;
    }

    private RequestGate? GateFor(EpochHandler handler)
    {
        if (handler.Limits.TotalConcurrency is not { } limit)
        {
            return null;
        }
        if (!_handlerGates.TryGetValue(handler.Name, out var gate))
        {
            return _handlerGates[handler.Name] = new RequestGate(limit, 0);
        }
        _limits.Add((gate, limit));
        return gate;
    }

    private void Load(HandlerVersion version)
    {
        var handler = version.Config;
        var path = Path.Combine(stateDirectory, "artifacts", handler.Sha256, handler.File);
        BlameMemory.Describe(version.Ordinal, handler);
        try
        {
            Verify(path, handler);
            if (LoadedLibrary.WasTried(path))
            {
                path = PrivateCopy(path, version.Ordinal);
            }
            var start = LibraryStart.Begin(path, version, handler.Limits.HeapBytes ?? settings.Handlers.HeapBytes);
            if (!start.Ends(settings.Handlers.LoadTimeoutMs))
            {
                _isStuck = true;
                // The others would wait as long at every restart: the next worker starts without it, and control takes it out of service.
                if (!_isStrict && BlameMemory.GiveUp(version.Ordinal))
                {
                    ProcessEnd.ByThread(start.ThreadId);
                }
                throw new LoadFailure($"{Path.GetFileName(path)} did not finish loading within {settings.Handlers.LoadTimeoutMs} ms (Handlers:LoadTimeoutMs).");
            }
            var (library, cost) = start.Result();
            version.Loaded(library, cost, time.GetUtcNow());
        }
        catch (Exception e) when (e is LoadFailure or IOException or UnauthorizedAccessException)
        {
            version.Failed($"{handler.Name} {handler.Version}: {e.Message}");
        }
    }

    // Against disks and mistakes: whoever can write here with intent can write the epoch as well. A checksum says that as surely as the SHA-256 that names the file, reads it ten
    // times as fast, which a restart waits for, and needs no crypto library, 3.4 MB of an idle worker's memory.
    private static void Verify(string path, EpochHandler handler)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        var (expected, found) = handler.Checksum is { } checksum ? (checksum, ChecksumOf(file)) : (handler.Sha256, Convert.ToHexStringLower(SHA256.HashData(file)));
        if (!found.Equals(expected, StringComparison.Ordinal))
        {
            throw new LoadFailure($"the file {path} was changed after its deploy (its checksum is {found[..12]}…, not {expected[..12]}…); deploy it again.");
        }
    }

    private static string ChecksumOf(Stream file)
    {
        var checksum = new XxHash128();
        checksum.Append(file);
        return Convert.ToHexStringLower(checksum.GetCurrentHash());
    }

    // The loader knows libraries by inode: the same code under other settings needs a file of its own to get memory of its own. Control removes them with the worker.
    private string PrivateCopy(string path, ushort ordinal)
    {
        var folder = Path.Combine(Copies, ordinal.ToString(CultureInfo.InvariantCulture));
        Directory.CreateDirectory(folder);
        var copy = Path.Combine(folder, Path.GetFileName(path));
        File.Copy(path, copy, overwrite: true);
        return copy;
    }

    private static bool SameDeployment(EpochHandler a, EpochHandler b) => a.Host == b.Host && a.Prefix == b.Prefix && a.DrainMs == b.DrainMs && a.Limits == b.Limits && a.Isolation == b.Isolation && a.Version == b.Version;

    private static bool SameCode(EpochHandler a, EpochHandler b) =>
        a.Name == b.Name && a.Sha256 == b.Sha256 && a.Limits.HeapBytes == b.Limits.HeapBytes && SamePairs(a.Config, b.Config) && SamePairs(a.Services, b.Services);

    private static bool SamePairs(IReadOnlyDictionary<string, string> a, IReadOnlyDictionary<string, string> b) =>
        a.Count == b.Count && a.All(pair => b.TryGetValue(pair.Key, out var value) && value == pair.Value);
}
