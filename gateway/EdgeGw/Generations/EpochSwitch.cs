using System.Diagnostics;
using EdgeGw.Epochs;
using EdgeGw.Interop;
using EdgeGw.Logging;
using EdgeGw.Pipeline;
using EdgeGw.Services;

namespace EdgeGw.Generations;

/// <summary>Puts epochs in force, one after the other.</summary>
internal sealed class EpochSwitch(EpochLoader loader, EpochHolder holder, ServiceRegistry services, int streamDrainMs, LogHub log)
{
    private readonly Lock _lock = new();
    private readonly List<LoadedLibrary> _replaced = [];

    /// <summary>Tells the libraries that have been replaced so. Foreign code: it must not hold up the deploy that replaced them, and if the worker dies of it, that must have been answered.</summary>
    public void TellReplaced()
    {
        lock (_lock)
        {
            foreach (var library in _replaced)
            {
                ThreadPool.UnsafeQueueUserWorkItem(static library => library.Drain(), library, preferLocal: false);
            }
            _replaced.Clear();
        }
    }

    /// <summary>Puts an epoch in force, or refuses it with every reason and changes nothing. Handlers that could not be started before are tried <paramref name="again"/>, also those of the epoch in
    /// force.</summary>
    public bool TrySwitch(EpochConfig epoch, bool strict, out IReadOnlyList<string> reasons, IReadOnlyCollection<string>? again = null)
    {
        lock (_lock)
        {
            var before = holder.Current;
            if (before.Number == epoch.Number && again is not { Count: > 0 })
            {
                reasons = [];
                return true;
            }
            var known = LoadedLibrary.Files();
            // Services first: the libraries of the epoch look for them while they are loaded.
            var change = services.Prepare(epoch);
            EpochState? next = null;
            reasons = change.Reasons;
            if ((change.Reasons.Count > 0 && strict) || (next = loader.TryLoad(epoch, strict, out reasons, again)) is null)
            {
                ServiceRegistry.RefuseAsync(change).GetAwaiter().GetResult();
                return false;
            }
            foreach (var reason in change.Reasons)
            {
                log.Write(Level.Error, "services", reason);
            }
            services.Accept(change);

            var versions = next.Versions.ToList();
            foreach (var version in versions.Where(v => v.IsUsable))
            {
                version.GoLive();
            }
            // The swap: requests that begin after this line see the new epoch, all others end in the one they began with.
            holder.Current = next;
            loader.Accepted();
            foreach (var old in before.Versions.Except(versions))
            {
                // The deploy that replaces a version says how long its requests may take; an undeploy leaves it to the version itself.
                var drainMs = epoch.Handlers.FirstOrDefault(h => h.Name == old.Config.Name)?.DrainMs ?? old.Config.DrainMs;
                var now = Stopwatch.GetTimestamp();
                old.Drain(now + (drainMs * (Stopwatch.Frequency / 1000)), now + (Math.Max(drainMs, streamDrainMs) * (Stopwatch.Frequency / 1000)));
                // A library shared with a live version goes on.
                if (old.Library is { } library && !versions.Any(v => ReferenceEquals(v.Library, library)))
                {
                    _replaced.Add(library);
                }
            }
            var started = LoadedLibrary.Files();
            started.ExceptWith(known);
            if (started.Count > 0)
            {
                // What their starts alone needed. Not before the answer: a restarted worker serves first.
                ThreadPool.UnsafeQueueUserWorkItem(CodePages.Release, started, preferLocal: false);
            }
            log.Write(Level.Info, "worker", $"Epoch {next.Number} is in force: {next.Routes.Count} routes.");
            return true;
        }
    }
}
