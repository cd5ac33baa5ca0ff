using EdgeGw.Epochs;

namespace EdgeGw.Bundles;

/// <summary>Writes <c>bundle.yaml</c> of what is deployed.</summary>
internal static class BundleDocument
{
    /// <summary>Where a handler's library is in an exported bundle.</summary>
    internal static string LibraryOf(EpochHandler handler) => $"libraries/{handler.Name}.so";

    /// <summary>The document. An epoch's number, time and history are not in it: who applies it gets the same one again.</summary>
    /// <param name="epoch">What is deployed.</param>
    /// <param name="catalog">What people call it; null when the bundle is not to speak of that.</param>
    internal static byte[] Of(EpochConfig? epoch, BundleCatalogDocument? catalog = null)
    {
        var yaml = new BundleYaml();
        yaml.Number("bundle", Bundle.Format);
        var services = (epoch?.Services ?? []).OrderBy(service => service.ToString(), StringComparer.Ordinal).ToList();
        yaml.Mapping("services", services.Count == 0, () =>
        {
            foreach (var service in services)
            {
                yaml.Mapping(service.ToString(), false, () => Service(yaml, service));
            }
        });
        var handlers = (epoch?.Handlers ?? []).OrderBy(handler => handler.Name, StringComparer.Ordinal).ToList();
        yaml.Mapping("handlers", handlers.Count == 0, () =>
        {
            foreach (var handler in handlers)
            {
                yaml.Mapping(handler.Name, false, () => Handler(yaml, handler));
            }
        });
        catalog?.Write(yaml);
        return yaml.ToUtf8();
    }

    private static void Service(BundleYaml yaml, EpochService service)
    {
        yaml.Text("provider", service.Provider);
        Texts(yaml, "settings", service.Settings);
        yaml.Number("poolSize", service.PoolSize);
        yaml.Number("queueLength", service.QueueLength);
        yaml.Number("timeoutMs", service.TimeoutMs);
        yaml.Flag("enabled", service.Enabled);
    }

    private static void Handler(BundleYaml yaml, EpochHandler handler)
    {
        yaml.Text("library", LibraryOf(handler));
        yaml.Text("sha256", handler.Sha256);
        yaml.Text("host", handler.Host);
        yaml.Text("prefix", handler.Prefix.Length == 0 ? null : handler.Prefix);
        yaml.Number("drainMs", handler.DrainMs);
        Limits(yaml, handler.Limits);
        yaml.Text("isolation", handler.Isolation is not null ? "process" : handler.Manifest.Isolation == "process" ? "shared" : null);
        var isolation = handler.Isolation ?? new EpochIsolation();
        yaml.Mapping("process", isolation == new EpochIsolation(), () =>
        {
            yaml.Number("memoryBytes", isolation.MemoryBytes);
            yaml.Number("cpuSeconds", isolation.CpuSeconds);
            yaml.Number("openFiles", isolation.OpenFiles);
        });
        Texts(yaml, "settings", handler.Config);
        Texts(yaml, "services", handler.Services);
    }

    /// <summary>Limits; nothing where there are none.</summary>
    internal static void Limits(BundleYaml yaml, EpochLimits limits) => yaml.Mapping("limits", limits == new EpochLimits(), () =>
    {
        yaml.Number("deadlineMs", limits.DeadlineMs);
        yaml.Number("hardDeadlineMs", limits.HardDeadlineMs);
        yaml.Number("concurrency", limits.Concurrency);
        yaml.Number("totalConcurrency", limits.TotalConcurrency);
        yaml.Number("serviceCallsPerSecond", limits.ServiceCallsPerSecond);
        yaml.Number("maxBodyBytes", limits.MaxBodyBytes);
        yaml.Number("heapBytes", limits.HeapBytes);
    });

    /// <summary>Keys with texts, by key; nothing where there are none.</summary>
    internal static void Texts(BundleYaml yaml, string key, IReadOnlyDictionary<string, string> texts) => yaml.Mapping(key, texts.Count == 0, () =>
    {
        foreach (var (name, value) in texts.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            yaml.Text(name, value);
        }
    });
}
