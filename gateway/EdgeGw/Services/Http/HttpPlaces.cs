using EdgeGw.Abi;

namespace EdgeGw.Services.Http;

/// <summary>Counts the requests of a service from their beginning until their answer's body is over, in all and by host, so that no host takes all there is.</summary>
/// <param name="most">Requests at once.</param>
/// <param name="service">The service's name, for people.</param>
internal sealed class HttpPlaces(int most, string service)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _hosts = [];
    private readonly TaskCompletionSource _none = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _taken;
    private bool _closed;

    /// <summary>Requests to one host at once: half of all, so that a host that does not answer leaves the other half to the others.</summary>
    public int MostPerHost { get; } = Math.Max(1, most / 2);

    /// <summary>Requests under way.</summary>
    public int Taken
    {
        get
        {
            lock (_lock)
            {
                return _taken;
            }
        }
    }

    /// <summary>Takes a place for a request to a host; throws "busy" when there is none.</summary>
    public HttpPlace Take(string host)
    {
        lock (_lock)
        {
            if (_closed)
            {
                throw new ServiceException(AbiResult.Unavailable, $"The service {service} has just been replaced.");
            }
            if (_taken == most)
            {
                throw new ServiceException(AbiResult.Busy, $"The service {service} has {most} requests under way, as many as its poolSize and queueLength together allow.");
            }
            Enter(host);
            _taken++;
        }
        return new HttpPlace(this, host);
    }

    /// <summary>No more are given; ends when the last one has been given back.</summary>
    public Task CloseAsync()
    {
        lock (_lock)
        {
            _closed = true;
            if (_taken == 0)
            {
                _none.TrySetResult();
            }
        }
        return _none.Task;
    }

    /// <summary>A request goes on at another host.</summary>
    internal void Move(string from, string to)
    {
        lock (_lock)
        {
            Enter(to);
            Leave(from);
        }
    }

    /// <summary>A request is over.</summary>
    internal void Return(string host)
    {
        lock (_lock)
        {
            Leave(host);
            if (--_taken == 0 && _closed)
            {
                _none.TrySetResult();
            }
        }
    }

    private void Enter(string host)
    {
        var there = _hosts.GetValueOrDefault(host);
        if (there == MostPerHost)
        {
            throw new ServiceException(AbiResult.Busy, $"The service {service} has {there} requests to {host} under way, half of all it may have, which is the most for one host: wait, or raise its queueLength.");
        }
        _hosts[host] = there + 1;
    }

    private void Leave(string host)
    {
        if (--_hosts[host] == 0)
        {
            _hosts.Remove(host);
        }
    }
}

/// <summary>The place of one request. Given back once.</summary>
internal sealed class HttpPlace(HttpPlaces places, string host) : IDisposable
{
    private string? _host = host;

    /// <summary>The request goes on at another host; throws "busy" when there is no place there.</summary>
    public void MoveTo(string other)
    {
        if (_host is { } before && before != other)
        {
            places.Move(before, other);
            _host = other;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _host, null) is { } last)
        {
            places.Return(last);
        }
    }
}
