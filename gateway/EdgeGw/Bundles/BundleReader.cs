using EdgeGw.Control.Changes;
using EdgeGw.Control.Epochs;
using EdgeGw.Documents;
using EdgeGw.Epochs;

namespace EdgeGw.Bundles;

/// <summary>Reads <c>bundle.yaml</c>. What the epoch's own rules say (names of handlers, settings of services) is said when it is applied; here is what a place in the file can be named for.</summary>
internal sealed class BundleReader
{
    /// <summary>How large it may be.</summary>
    internal static DocumentBounds Bounds { get; } = new(MaxBytes: 4 << 20, MaxNodes: 200_000);

    private readonly DocumentFaults _faults;
    private readonly Func<string, bool> _hasFile;

    private BundleReader(DocumentFaults faults, Func<string, bool> hasFile) => (_faults, _hasFile) = (faults, hasFile);

    /// <summary>Reads the document; null when there are faults.</summary>
    /// <param name="utf8">Its bytes.</param>
    /// <param name="variables">Fills in variables; shares <paramref name="faults"/>.</param>
    /// <param name="hasFile">Whether the bundle has a file.</param>
    /// <param name="faults">Everything that is wrong.</param>
    internal static Bundle? Read(ReadOnlyMemory<byte> utf8, BundleVariables variables, Func<string, bool> hasFile, DocumentFaults faults)
    {
        try
        {
            var root = DocumentReader.Read(utf8, Bounds, variables.Expand);
            var bundle = new BundleReader(faults, hasFile).Root(root);
            return faults.Count == 0 ? bundle : null;
        }
        catch (DocumentException e)
        {
            faults.Add(e.In(faults.File));
            return null;
        }
    }

    private Bundle? Root(DocumentNode root)
    {
        if (MappingReader.Of(root, "A bundle", _faults) is not { } map)
        {
            return null;
        }
        if (map.Whole("bundle", 1, int.MaxValue) is { } format)
        {
            if (format > Bundle.Format)
            {
                _faults.Add(map.Any("bundle")!, $"The bundle has format {format}, and this edgegw reads {Bundle.Format}: use a newer one.");
            }
        }
        else if (map.Any("bundle") is null)
        {
            _faults.Add(root, $"A bundle begins with 'bundle: {Bundle.Format}'.");
        }
        var name = map.Text("name") ?? "bundle";
        if (!EpochRules.IsName(name))
        {
            _faults.Add(map.Any("name")!, $"'name' must be 1 to {EpochRules.MaxNameLength} letters, digits, '.', '_' or '-'.");
        }
        var services = map.Entries("services").Select(Service).OfType<EpochService>().ToList();
        var handlers = map.Entries("handlers").Select(Handler).OfType<BundleHandler>().ToList();
        var domains = new BundleCatalogReader(_faults, _hasFile).Read(map);
        map.End();
        return new Bundle(name, services, handlers) { Domains = domains };
    }

    private EpochService? Service(DocumentEntry entry)
    {
        if (!ServiceId.TryParse(entry.Key.Text, out var id))
        {
            _faults.Add(entry.Key, $"'{DocumentBudget.Shown(entry.Key.Text)}' must name a service as {ServiceId.Form}.");
            return null;
        }
        if (MappingReader.Of(entry.Value, $"The service {id}", _faults) is not { } map)
        {
            return null;
        }
        var provider = map.RequireText("provider", $"The service {id}");
        var service = new EpochService { Kind = id.Kind, Name = id.Name, Provider = provider };
        service = service with
        {
            Settings = map.Texts("settings", StringComparer.Ordinal),
            PoolSize = map.Whole("poolSize", 1, int.MaxValue) ?? ServiceProviders.Find(id.Kind, provider)?.PoolSize ?? service.PoolSize,
            QueueLength = map.Whole("queueLength", 1, int.MaxValue) ?? service.QueueLength,
            TimeoutMs = map.Whole("timeoutMs", 1, int.MaxValue) ?? service.TimeoutMs,
            Enabled = map.Flag("enabled") ?? service.Enabled,
        };
        map.End();
        var reasons = new List<string>();
        if (provider.Length > 0)
        {
            ServiceRules.Check(service, reasons);
        }
        foreach (var reason in reasons)
        {
            _faults.Add(entry.Key, reason);
        }
        return service;
    }

    private BundleHandler? Handler(DocumentEntry entry)
    {
        var name = entry.Key.Text;
        if (!EpochRules.IsName(name))
        {
            _faults.Add(entry.Key, $"'{DocumentBudget.Shown(name)}' is not a handler's name: 1 to {EpochRules.MaxNameLength} letters, digits, '.', '_' or '-'.");
            return null;
        }
        if (MappingReader.Of(entry.Value, $"The handler '{name}'", _faults) is not { } map)
        {
            return null;
        }
        var library = Library(map);
        var project = Project(map, library is not null);
        if (project is not null && _hasFile(Bundle.BuiltLibrary(name)))
        {
            library = Bundle.BuiltLibrary(name);
        }
        var sha256 = map.Text("sha256");
        if (sha256 is not null && !EpochRules.IsSha256(sha256))
        {
            _faults.Add(map.Any("sha256")!, "'sha256' must be 64 hexadecimal digits in lower case.");
        }
        var options = new DeploymentOptions
        {
            Name = name,
            Host = map.Text("host"),
            Prefix = map.Text("prefix")?.TrimEnd('/') ?? "",
            DrainMs = map.Whole("drainMs", 0, int.MaxValue),
            Limits = Limits(map),
            IsIsolated = IsIsolated(map),
            Isolation = Isolation(map),
            // Keys are looked up without regard to case (edgegw/config.h).
            Config = map.Texts("settings", StringComparer.OrdinalIgnoreCase),
            Services = Bindings(map),
        };
        map.End();
        return new BundleHandler(options, library, sha256, project);
    }

    private string? Library(MappingReader map)
    {
        if (map.Text("library") is not { } library)
        {
            return null;
        }
        if (BundlePath.Fault(library) is { } fault)
        {
            _faults.Add(map.Any("library")!, $"'{DocumentBudget.Shown(library)}' {fault}.");
        }
        else if (!_hasFile(library))
        {
            _faults.Add(map.Any("library")!, $"The bundle has no file '{DocumentBudget.Shown(library)}'.");
        }
        return library;
    }

    private string? Project(MappingReader map, bool hasLibrary)
    {
        if (map.Text("project") is not { } project)
        {
            return null;
        }
        if (hasLibrary)
        {
            _faults.Add(map.Any("project")!, "A handler has a 'library' or a 'project', not both.");
        }
        else if (BundlePath.Fault(project) is { } fault)
        {
            _faults.Add(map.Any("project")!, $"'{DocumentBudget.Shown(project)}' {fault}.");
        }
        return project;
    }

    // Null: as the library's manifest says.
    private bool? IsIsolated(MappingReader handler)
    {
        var isolation = handler.Text("isolation");
        if (isolation is not (null or "process" or "shared"))
        {
            _faults.Add(handler.Any("isolation")!, "'isolation' must be process or shared.");
        }
        return isolation is null ? null : isolation == "process";
    }

    private static EpochIsolation Isolation(MappingReader handler)
    {
        if (handler.Mapping("process") is not { } map)
        {
            return new EpochIsolation();
        }
        var isolation = new EpochIsolation
        {
            MemoryBytes = map.Whole("memoryBytes", 1L << 20, 1L << 50),
            CpuSeconds = map.Whole("cpuSeconds", 1, 1_000_000_000),
            OpenFiles = map.Whole("openFiles", 64, 1_048_576),
        };
        map.End();
        return isolation;
    }

    /// <summary>The limits of a handler or an endpoint.</summary>
    internal static EpochLimits Limits(MappingReader handler)
    {
        if (handler.Mapping("limits") is not { } map)
        {
            return new EpochLimits();
        }
        var limits = new EpochLimits
        {
            DeadlineMs = map.Whole("deadlineMs", 0, int.MaxValue),
            HardDeadlineMs = map.Whole("hardDeadlineMs", 0, int.MaxValue),
            Concurrency = map.Whole("concurrency", 1, int.MaxValue),
            TotalConcurrency = map.Whole("totalConcurrency", 1, int.MaxValue),
            ServiceCallsPerSecond = map.Whole("serviceCallsPerSecond", 1, 1_000_000_000),
            MaxBodyBytes = map.Whole("maxBodyBytes", 0L, long.MaxValue - 1),
            HeapBytes = map.Whole("heapBytes", 1L, long.MaxValue),
        };
        map.End();
        return limits;
    }

    private Dictionary<string, string> Bindings(MappingReader map)
    {
        var bindings = map.Texts("services", StringComparer.Ordinal);
        foreach (var (from, to) in bindings)
        {
            if (!ServiceId.TryParse(from, out _) || !ServiceId.TryParse(to, out _))
            {
                _faults.Add(map.Any("services")!, $"'{DocumentBudget.Shown(from)}: {DocumentBudget.Shown(to)}' must name two services, each as {ServiceId.Form}.");
            }
        }
        return bindings;
    }
}
