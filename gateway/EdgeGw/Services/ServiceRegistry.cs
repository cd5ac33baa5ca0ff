using System.Diagnostics;
using EdgeGw.Epochs;
using EdgeGw.Generations;
using EdgeGw.Logging;

namespace EdgeGw.Services;

/// <summary>All services of a worker. An epoch's services are prepared beside those in force, and swapped with it; the replaced ones finish what they have and go.</summary>
internal sealed class ServiceRegistry : IDisposable
{
    private const int MaxBindings = 1 << 20;

    private static readonly TimeSpan s_period = TimeSpan.FromMilliseconds(50);

    private readonly string _stateDirectory;
    private readonly LogHub _log;
    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private readonly Dictionary<(string Kind, string Name), ServiceSlot> _slots = [];
    private readonly Dictionary<(ushort Version, string Kind, string Name), ulong> _ids = [];
    private readonly ManualResetEventSlim _stop = new(false, spinCount: 0); // what it waits for is the time
    private readonly Thread _clock;
    private ServiceBinding[] _bindings = [];
    private ServiceActor[] _actors = [];

    /// <summary>No services yet; a clock that watches their calls.</summary>
    public ServiceRegistry(string stateDirectory, LogHub log, TimeProvider time)
    {
        (_stateDirectory, _log, _time) = (stateDirectory, log, time);
        _clock = new Thread(Watch) { IsBackground = true, Name = "services" };
        _clock.Start();
    }

    /// <summary>Every service there is a place for.</summary>
    public IReadOnlyList<ServiceSlot> Slots
    {
        get
        {
            lock (_lock)
            {
                return [.. _slots.Values];
            }
        }
    }

    /// <summary>In the scout, which has no epoch: every service is found, and what was asked for is kept here to be compared with the manifest.</summary>
    public ICollection<string>? Asked { get; init; }

    /// <summary>Every library's account with every service it uses.</summary>
    public ReadOnlySpan<ServiceBinding> Bindings => Volatile.Read(ref _bindings);

    /// <summary>Sets up the built-in services: a gateway that has no epoch yet has them as well, to be tried and migrated.</summary>
    public void Begin() => Accept(Prepare(new EpochConfig { Number = 0, Created = _time.GetUtcNow(), Action = "start", Reason = "there is no epoch yet" }));

    /// <summary>Sets up what is new in an epoch. What could not be set up has its reason, which speaks against the epoch unless it is a built-in service that no handler needs.</summary>
    public ServiceChange Prepare(EpochConfig epoch)
    {
        var change = new ServiceChange();
        var needed = epoch.Handlers.SelectMany(handler => handler.Manifest.Services.Select(name => handler.Services.GetValueOrDefault(name, name))).ToHashSet();
        foreach (var config in BuiltInServices.With(epoch.Services))
        {
            var slot = SlotOf(config.Kind, config.Name);
            if (!config.Enabled)
            {
                change.Next[slot] = (null, "it is disabled (edgegw service enable).");
            }
            else if (slot.Actor is { } actor && Same(actor.Config, config))
            {
                change.Next[slot] = (actor, "");
            }
            else
            {
                try
                {
                    var made = new ServiceActor(config, Create(config), _log, _time);
                    change.Next[slot] = (made, "");
                    change.Made.Add(made);
                }
                catch (ServiceConfigurationException e)
                {
                    change.Next[slot] = (null, e.Message);
                    if (epoch.Services.Contains(config) || needed.Contains(config.ToString()))
                    {
                        change.Reasons.Add($"The service {config} cannot be set up: {e.Message}");
                    }
                }
            }
        }
        return change;
    }

    /// <summary>The epoch is in force, and its services with it.</summary>
    public void Accept(ServiceChange change)
    {
        List<ServiceActor> replaced = [];
        lock (_lock)
        {
            foreach (var slot in _slots.Values)
            {
                var (actor, reason) = change.Next.GetValueOrDefault(slot, (null, "it was removed."));
                if (slot.Actor is { } before && !ReferenceEquals(before, actor))
                {
                    replaced.Add(before);
                }
                slot.Reason = reason;
                slot.Actor = actor;
            }
            // The clock goes on with the replaced ones as well: their calls have deadlines too.
            _actors = [.. _actors, .. change.Made];
        }
        foreach (var actor in replaced)
        {
            _ = RetireAsync(actor);
        }
    }

    /// <summary>The epoch was refused: what was made for it goes.</summary>
    public static async Task RefuseAsync(ServiceChange change)
    {
        foreach (var actor in change.Made)
        {
            await actor.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>The number by which a version knows a service; 0 when it is not bound to one of that kind and name.</summary>
    public ulong Find(HandlerVersion version, string kind, string name)
    {
        var wanted = $"{kind}:{name}";
        if (Asked is not null)
        {
            Asked.Add(wanted);
            return 1;
        }
        var given = version.Config.Services.GetValueOrDefault(wanted, wanted);
        if (!version.Config.Manifest.Services.Contains(wanted) && !version.Config.Services.ContainsKey(wanted))
        {
            return 0;
        }
        var separator = given.IndexOf(':', StringComparison.Ordinal);
        if (separator < 0 || given[..separator] != kind)
        {
            return 0;
        }
        lock (_lock)
        {
            if (_ids.TryGetValue((version.Ordinal, kind, name), out var id))
            {
                return id;
            }
            if (_bindings.Length == MaxBindings)
            {
                return 0;
            }
            _bindings = [.. _bindings, new ServiceBinding(SlotOf(kind, given[(separator + 1)..]), version.Config.Name)];
            return _ids[(version.Ordinal, kind, name)] = (ulong)_bindings.Length;
        }
    }

    /// <summary>What a number from <see cref="Find"/> stands for, if it is of that kind.</summary>
    public ServiceBinding? Binding(ulong id, string kind)
    {
        var bindings = Volatile.Read(ref _bindings);
        return id - 1 < (ulong)bindings.Length && bindings[id - 1] is var binding && ReferenceEquals(binding.Slot.Kind, kind) ? binding : null;
    }

    /// <summary>Ends all services: calls under way finish, within the time given.</summary>
    public async Task StopAsync(TimeSpan patience)
    {
        var ends = Slots.Select(slot => slot.Actor).OfType<ServiceActor>().Select(actor => actor.DisposeAsync().AsTask());
        try
        {
            await Task.WhenAll(ends).WaitAsync(patience, _time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            _log.Write(Level.Warning, "services", $"Services still had calls under way {patience.TotalSeconds:0} s after the last request; they are cut off.");
        }
        Dispose();
    }

    /// <summary>Stops the clock.</summary>
    public void Dispose()
    {
        _stop.Set();
        _clock.Join();
        _stop.Dispose();
    }

    /// <summary>What control has told of secrets.</summary>
    public SecretValues Secrets { get; } = new();

    /// <summary>Makes the backend of a configuration. Throws <see cref="ServiceConfigurationException"/>.</summary>
    public IServiceBackend Create(EpochService config) =>
        // What this gives holds secrets and stays with the backend; the actor keeps the configuration with the references.
        EffectiveSettings.TryResolve(config, Secrets.Look, out var values, out var reasons)
            ? ServiceBackends.Create(config with { Settings = values }, _stateDirectory, _time)
            : throw new ServiceConfigurationException(string.Join(' ', reasons));

    private ServiceSlot SlotOf(string kind, string name)
    {
        // One string per kind, so that kinds are compared by reference on the way of a call.
        kind = string.IsInterned(kind) ?? kind;
        lock (_lock)
        {
            return _slots.TryGetValue((kind, name), out var slot) ? slot : _slots[(kind, name)] = new ServiceSlot(kind, name);
        }
    }

    private async Task RetireAsync(ServiceActor actor)
    {
        await actor.DisposeAsync().ConfigureAwait(false);
        lock (_lock)
        {
            _actors = [.. _actors.Where(other => !ReferenceEquals(other, actor))];
        }
        _log.Write(Level.Info, "services", $"The replaced {actor.Config} has ended.");
    }

    private void Watch()
    {
        while (!_stop.Wait(s_period))
        {
            var now = Stopwatch.GetTimestamp();
            foreach (var actor in Volatile.Read(ref _actors))
            {
                actor.Look(now);
            }
        }
    }

    private static bool Same(EpochService a, EpochService b) =>
        a.Provider == b.Provider && a.PoolSize == b.PoolSize && a.QueueLength == b.QueueLength && a.TimeoutMs == b.TimeoutMs
        && a.Settings.Count == b.Settings.Count && a.Settings.All(pair => b.Settings.TryGetValue(pair.Key, out var value) && value == pair.Value);
}

/// <summary>The services of an epoch that is not in force yet.</summary>
internal sealed class ServiceChange
{
    /// <summary>Who will serve at each place, or why nobody will.</summary>
    public Dictionary<ServiceSlot, (ServiceActor? Actor, string Reason)> Next { get; } = [];

    /// <summary>Those among them that are new.</summary>
    public List<ServiceActor> Made { get; } = [];

    /// <summary>Why the epoch should be refused.</summary>
    public List<string> Reasons { get; } = [];
}
