using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using EdgeGw.Configuration;
using EdgeGw.Control.Changes;

namespace EdgeGw.Control.Events;

/// <summary>One event, ready to be sent.</summary>
/// <param name="Id">By which a follower says what it has seen; null for what is not kept.</param>
/// <param name="Type">What happened.</param>
/// <param name="Data">JSON on one line.</param>
internal sealed record GatewayEvent(string? Id, string Type, byte[] Data);

/// <summary>Tells what happens to those who follow: the newest events are kept for who comes back, and who is too slow is cut off. Any thread; never waits.</summary>
internal sealed class EventHub(EventSettings settings, TimeProvider clock)
{
    // Numbers begin anew with each start of control; this tells one row of them from another.
    private readonly string _start = clock.GetUtcNow().ToUnixTimeMilliseconds().ToString("x", CultureInfo.InvariantCulture);
    private readonly Lock _lock = new();
    private readonly Queue<GatewayEvent> _kept = new();
    private readonly List<EventFollower> _followers = [];
    private long _last;
    private long _dropped;

    /// <summary>Followers now.</summary>
    internal int Followers
    {
        get
        {
            lock (_lock)
            {
                return _followers.Count;
            }
        }
    }

    /// <summary>Followers that were cut off because they were too slow.</summary>
    internal long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>Tells everybody.</summary>
    internal void Publish<T>(string type, T data, JsonTypeInfo<T> json)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(data, json);
        lock (_lock)
        {
            var next = new GatewayEvent(IdOf(++_last), type, bytes);
            _kept.Enqueue(next);
            while (_kept.Count > settings.Keep)
            {
                _kept.Dequeue();
            }
            Interlocked.Add(ref _dropped, _followers.RemoveAll(follower => !follower.TryTell(next)));
        }
    }

    /// <summary>Begins to follow, from after the event that was seen last. Throws <see cref="ChangeRefusedException"/> (503) when there are too many. Ends with <see cref="Leave"/>.</summary>
    internal EventFollower Follow(string? lastSeen)
    {
        lock (_lock)
        {
            if (_followers.Count >= settings.Followers)
            {
                throw new ChangeRefusedException(503, $"{settings.Followers} followers are there already, the most that Events:Followers allows; try again in a moment.");
            }
            var follower = new EventFollower(IdOf(_last), lastSeen is null ? [] : Since(lastSeen), settings.Queue);
            _followers.Add(follower);
            return follower;
        }
    }

    /// <summary>Ends to follow.</summary>
    internal void Leave(EventFollower follower)
    {
        lock (_lock)
        {
            _followers.Remove(follower);
        }
    }

    // Null when some of them are not kept any more.
    private List<GatewayEvent>? Since(string lastSeen)
    {
        var cut = lastSeen.IndexOf('-', StringComparison.Ordinal);
        if (cut < 0 || lastSeen[..cut] != _start || !long.TryParse(lastSeen.AsSpan(cut + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number > _last)
        {
            return null;
        }
        var missed = _last - number;
        return missed <= _kept.Count ? [.. _kept.Skip(_kept.Count - (int)missed)] : null;
    }

    private string IdOf(long number) => string.Create(CultureInfo.InvariantCulture, $"{_start}-{number}");
}
