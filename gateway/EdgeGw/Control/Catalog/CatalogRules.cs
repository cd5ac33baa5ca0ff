using System.Text.RegularExpressions;
using EdgeGw.Configuration;
using EdgeGw.Control.Epochs;
using EdgeGw.Epochs;
using EdgeGw.Pipeline.Match;

namespace EdgeGw.Control.Catalog;

/// <summary>What makes a row of the catalog right. Each adds one sentence for each fault, so that its author mends them in one go.</summary>
internal static partial class CatalogRules
{
    /// <summary>The most characters of a description.</summary>
    internal const int MaxDescription = 4_000;

    private const int MaxTitle = 100;
    private const int MaxPath = 1_000;
    private const int MaxPairs = 256;
    private const int MaxSetting = 16_384;
    private const int MaxPackages = 64;

    /// <summary>A domain.</summary>
    internal static void Check(CatalogDomain domain, List<string> reasons)
    {
        if (!EpochRules.IsHost(domain.Host) || !ManifestReader.IsHost(domain.Host))
        {
            reasons.Add($"'{domain.Host}' is not a host: use api.example.com, *.example.com or *, without a port.");
        }
        Description(domain.Description, reasons);
    }

    /// <summary>A collection.</summary>
    internal static void Check(CatalogCollection collection, CatalogSettings settings, List<string> reasons)
    {
        if (collection.Name.Length is 0 or > MaxTitle || collection.Name.Any(char.IsControl) || string.IsNullOrWhiteSpace(collection.Name))
        {
            reasons.Add($"The collection's name must have 1 to {MaxTitle} characters, none of them a control character.");
        }
        BasePath(collection.BasePath, reasons);
        Description(collection.Description, reasons);
        SourceRules.Files("shared", collection.Shared, settings, reasons);
    }

    /// <summary>An endpoint of a collection.</summary>
    internal static void Check(CatalogEndpoint endpoint, CatalogCollection collection, CatalogSettings settings, List<string> reasons)
    {
        if (!ManifestReader.IsName(endpoint.Name))
        {
            reasons.Add($"'{endpoint.Name}' is not an endpoint's name: 1 to {EpochRules.MaxNameLength} letters, digits, '.', '_' or '-', with at least one letter or digit.");
        }
        Description(endpoint.Description, reasons);
        switch (endpoint.Kind)
        {
            case EndpointKinds.Source:
                Route(endpoint, collection, reasons);
                SourceRules.Files("source", endpoint.Source.Files, settings, reasons);
                SourceRules.Clashes(endpoint.Source.Files, collection.Shared, reasons);
                Packages(endpoint.Source.Packages, reasons);
                break;
            case EndpointKinds.Library when endpoint.Method is not null || endpoint.Path is not null || endpoint.Source.Files.Count > 0 || endpoint.Source.Packages.Count > 0:
                reasons.Add("A library has no 'method', 'path' and 'source' here: its manifest says them.");
                break;
            case EndpointKinds.Library:
                break;
            default:
                reasons.Add($"'{endpoint.Kind}' is not a kind of endpoint: use '{EndpointKinds.Source}' or '{EndpointKinds.Library}'.");
                break;
        }
        Limits(endpoint.Limits, reasons);
        Settings(endpoint.Settings, reasons);
        Services(endpoint.Services, reasons);
    }

    private static void Route(CatalogEndpoint endpoint, CatalogCollection collection, List<string> reasons)
    {
        if (endpoint.Method is not { Length: > 0 } method)
        {
            reasons.Add("The endpoint needs a 'method', such as GET, or * for any.");
        }
        else if (!EpochRules.IsMethod(method))
        {
            reasons.Add($"'{method}' is not a method: use a token such as GET, or * for any.");
        }
        if (endpoint.Path is not { Length: > 0 } path)
        {
            reasons.Add("The endpoint needs a 'path', such as /pets/{id:int}.");
        }
        else if (path.Length > MaxPath)
        {
            reasons.Add($"The path has {path.Length} characters; {MaxPath} are allowed.");
        }
        else if (!RoutePattern.TryParse(path, out _, out var error) || !RoutePattern.TryParse(collection.BasePath + path, out _, out error))
        {
            reasons.Add(error!);
        }
    }

    private static void BasePath(string path, List<string> reasons)
    {
        if (path.Length == 0)
        {
            return;
        }
        if (path.Length > MaxPath || !path.StartsWith('/') || path.EndsWith('/') || path.Contains('{', StringComparison.Ordinal))
        {
            reasons.Add($"The base path '{(path.Length > MaxPath ? path[..20] + "…" : path)}' must be empty, or begin with '/', not end with one, and hold no parameters: /v1.");
        }
        else if (!RoutePattern.TryParse(path, out _, out var error))
        {
            reasons.Add(error!);
        }
    }

    private static void Packages(IReadOnlyList<SourcePackage> packages, List<string> reasons)
    {
        if (packages.Count > MaxPackages)
        {
            reasons.Add($"The source names {packages.Count} packages; {MaxPackages} are allowed.");
            return;
        }
        foreach (var package in packages)
        {
            if (!PackageId().IsMatch(package.Id))
            {
                reasons.Add($"'{package.Id}' is not a package's id: 1 to 100 letters, digits, '.', '_' or '-'.");
            }
            if (!PackageVersion().IsMatch(package.Version))
            {
                reasons.Add($"The version '{package.Version}' of the package '{package.Id}' must be an exact one, such as 1.2.3 or 1.2.3-rc.1.");
            }
        }
        foreach (var group in packages.GroupBy(package => package.Id, StringComparer.OrdinalIgnoreCase).Where(group => group.Count() > 1))
        {
            reasons.Add($"The package '{group.Key}' is named {group.Count()} times.");
        }
    }

    private static void Limits(EpochLimits limits, List<string> reasons)
    {
        Range("deadlineMs", limits.DeadlineMs, 1, int.MaxValue, reasons);
        Range("hardDeadlineMs", limits.HardDeadlineMs, 0, int.MaxValue, reasons);
        Range("concurrency", limits.Concurrency, 1, int.MaxValue, reasons);
        Range("totalConcurrency", limits.TotalConcurrency, 1, int.MaxValue, reasons);
        Range("serviceCallsPerSecond", limits.ServiceCallsPerSecond, 1, 1_000_000_000, reasons);
        Range("maxBodyBytes", limits.MaxBodyBytes, 0, long.MaxValue - 1, reasons);
        Range("heapBytes", limits.HeapBytes, 1, long.MaxValue, reasons);
    }

    private static void Range(string name, long? value, long least, long most, List<string> reasons)
    {
        if (value < least || value > most)
        {
            reasons.Add($"'limits.{name}' is {value}; it must be a whole number from {least} to {most}.");
        }
    }

    private static void Settings(IReadOnlyDictionary<string, string> settings, List<string> reasons)
    {
        if (settings.Count > MaxPairs)
        {
            reasons.Add($"There are {settings.Count} settings; {MaxPairs} are allowed.");
            return;
        }
        foreach (var (key, value) in settings)
        {
            if (key.Length is 0 or > 256 || key.Any(char.IsControl) || key.Contains('=', StringComparison.Ordinal))
            {
                reasons.Add($"'{Cut(key)}' is not a setting's name: 1 to 256 characters without '=' and control characters.");
            }
            if (value is null || value.Length > MaxSetting)
            {
                reasons.Add($"The setting '{Cut(key)}' must be text of at most {MaxSetting} characters.");
            }
        }
        // Handlers look keys up without regard to case (edgegw/config.h).
        foreach (var group in settings.Keys.GroupBy(key => key, StringComparer.OrdinalIgnoreCase).Where(group => group.Count() > 1))
        {
            reasons.Add($"The settings {string.Join(" and ", group.Select(key => $"'{Cut(key)}'"))} differ by case alone, and handlers do not tell them apart.");
        }
    }

    private static void Services(IReadOnlyDictionary<string, string> services, List<string> reasons)
    {
        if (services.Count > ServiceNeeds.MaxNeeds)
        {
            reasons.Add($"There are {services.Count} bindings of services; {ServiceNeeds.MaxNeeds} are allowed.");
            return;
        }
        foreach (var (from, to) in services)
        {
            if (!ServiceId.TryParse(from, out var need) || !ServiceId.TryParse(to, out var bound))
            {
                reasons.Add($"The binding '{Cut(from)}' to '{Cut(to ?? "")}' must name two services, each as {ServiceId.Form}.");
            }
            else if (!ServiceProviders.Kinds.Contains(need.Kind) || !ManifestReader.IsName(need.Name) || !ManifestReader.IsName(bound.Name))
            {
                reasons.Add($"The binding '{Cut(from)}' to '{Cut(to)}' names no service: kinds are {string.Join(", ", ServiceProviders.Kinds)}, and a name is letters, digits, '.', '_' or '-'.");
            }
            else if (need.Kind != bound.Kind)
            {
                reasons.Add($"{need} is a {need.Kind}, and {bound} is a {bound.Kind}: bind a {need.Kind}.");
            }
        }
    }

    private static void Description(string description, List<string> reasons)
    {
        if (description.Length > MaxDescription)
        {
            reasons.Add($"The description has {description.Length} characters; {MaxDescription} are allowed.");
        }
    }

    private static string Cut(string text) => text.Length <= 64 ? text : text[..64] + "…";

    [GeneratedRegex(@"^[A-Za-z0-9_][A-Za-z0-9._-]{0,99}\z")]
    private static partial Regex PackageId();

    [GeneratedRegex(@"^\d{1,9}(\.\d{1,9}){1,3}(-[0-9A-Za-z.-]{1,64})?\z")]
    private static partial Regex PackageVersion();
}
