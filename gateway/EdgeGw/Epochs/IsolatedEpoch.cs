namespace EdgeGw.Epochs;

/// <summary>An epoch as one isolated worker sees it: its own handler, and the services that this one is given.</summary>
internal static class IsolatedEpoch
{
    /// <summary>The deployments of an epoch that run in a worker of their own, canaries included, by key.</summary>
    public static IReadOnlyDictionary<string, EpochHandler> HandlersOf(EpochConfig? epoch)
    {
        var found = new Dictionary<string, EpochHandler>();
        foreach (var handler in epoch?.Handlers ?? [])
        {
            if (handler.Isolation is not null && epoch!.QuarantineOf(handler) is null)
            {
                found[DeploymentKey.Of(handler)] = handler;
            }
        }
        foreach (var canary in epoch?.Canaries ?? [])
        {
            found[DeploymentKey.Of(canary.Handler)] = canary.Handler;
        }
        return found;
    }

    /// <summary>The epoch with the deployment of a key alone; null when it does not have it.</summary>
    public static EpochConfig? Of(EpochConfig epoch, string key)
    {
        if (HandlersOf(epoch).GetValueOrDefault(key) is not { } handler)
        {
            return null;
        }
        var needed = ServiceBindings.Of(handler).Select(pair => pair.Bound).ToHashSet();
        return epoch with { Handlers = [handler with { Isolation = null }], Canaries = [], Services = [.. epoch.Services.Where(service => needed.Contains(service.Id))], Quarantine = [] };
    }
}
