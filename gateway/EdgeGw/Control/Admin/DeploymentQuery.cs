using System.Globalization;
using System.Numerics;
using EdgeGw.Control.Changes;
using EdgeGw.Epochs;
using Microsoft.AspNetCore.Http;

namespace EdgeGw.Control.Admin;

/// <summary>The query of a deploy. Every fault is named at once; an unknown key is one, since it is most likely a misspelt one.</summary>
internal static class DeploymentQuery
{
    internal static DeploymentOptions Parse(IQueryCollection query)
    {
        var faults = new List<string>();
        foreach (var (key, values) in query)
        {
            if (key is not ("name" or "host" or "prefix" or "wait" or "drainMs" or "deadlineMs" or "hardDeadlineMs" or "concurrency" or "totalConcurrency" or "serviceCallsPerSecond"
                or "maxBodyBytes" or "heapBytes" or "isolation" or "memoryBytes" or "cpuSeconds" or "openFiles" or "canary" or "promoteAfterMs" or "set" or "service" or "force" or "dryRun"))
            {
                faults.Add($"'{key}' is not a parameter of a deploy.");
            }
            else if (values.Count > 1 && key is not ("set" or "service"))
            {
                faults.Add($"'{key}' is given {values.Count} times.");
            }
        }
        var options = new DeploymentOptions
        {
            Name = Text(query, "name"),
            Host = Text(query, "host"),
            Prefix = Text(query, "prefix")?.TrimEnd('/') ?? "",
            DrainMs = Number(query, "drainMs", 0, int.MaxValue, faults),
            Limits = new EpochLimits
            {
                DeadlineMs = Number(query, "deadlineMs", 1, int.MaxValue, faults),
                HardDeadlineMs = Number(query, "hardDeadlineMs", 0, int.MaxValue, faults),
                Concurrency = Number(query, "concurrency", 1, int.MaxValue, faults),
                TotalConcurrency = Number(query, "totalConcurrency", 1, int.MaxValue, faults),
                ServiceCallsPerSecond = Number(query, "serviceCallsPerSecond", 1, 1_000_000_000, faults),
                MaxBodyBytes = Number(query, "maxBodyBytes", 0L, long.MaxValue - 1, faults),
                HeapBytes = Number(query, "heapBytes", 1L, long.MaxValue, faults),
            },
            IsIsolated = Text(query, "isolation") switch { null => null, "process" => true, "shared" => false, var other => Fault(faults, $"'isolation' is '{other}'; it must be process or shared.") },
            Isolation = new EpochIsolation
            {
                MemoryBytes = Number(query, "memoryBytes", 1L << 20, 1L << 50, faults),
                CpuSeconds = Number(query, "cpuSeconds", 1, 1_000_000_000, faults),
                OpenFiles = Number(query, "openFiles", 64, 1_048_576, faults),
            },
            CanaryPercent = Percent(query, faults),
            PromoteAfterMs = Number(query, "promoteAfterMs", 1_000L, 86_400_000L, faults),
            Config = Settings(query, faults),
            Services = Bindings(query, faults),
            Wait = Flag(query, "wait", faults),
            Force = Flag(query, "force", faults),
            DryRun = Flag(query, "dryRun", faults),
        };
        if (options.IsIsolated == false && options.Isolation != new EpochIsolation())
        {
            faults.Add("'memoryBytes', 'cpuSeconds' and 'openFiles' bound a worker of its own; isolation=shared has none.");
        }
        if (options is { PromoteAfterMs: not null, CanaryPercent: null })
        {
            faults.Add("'promoteAfterMs' is a canary's; give 'canary' too.");
        }
        return faults.Count == 0 ? options : throw new ChangeRefusedException(400, "The deploy's parameters are not valid.", faults);
    }

    private static string? Text(IQueryCollection query, string key) => query[key] is [{ Length: > 0 } value, ..] ? value : null;

    private static T? Number<T>(IQueryCollection query, string key, T least, T most, List<string> faults) where T : struct, IBinaryInteger<T>
    {
        if (Text(query, key) is not { } text)
        {
            return null;
        }
        if (T.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most)
        {
            return value;
        }
        faults.Add($"'{key}' is '{text}'; it must be a whole number from {least} to {most}.");
        return null;
    }

    private static double? Percent(IQueryCollection query, List<string> faults)
    {
        if (Text(query, "canary") is not { } text)
        {
            return null;
        }
        if (double.TryParse(text.TrimEnd('%'), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var percent) && percent is >= 0.01 and <= 99)
        {
            return percent;
        }
        faults.Add($"'canary' is '{text}'; it must be the per cent of the requests that it gets, from 0.01 to 99.");
        return null;
    }

    private static bool? Fault(List<string> faults, string fault)
    {
        faults.Add(fault);
        return null;
    }

    private static bool Flag(IQueryCollection query, string key, List<string> faults)
    {
        switch (Text(query, key))
        {
            case null or "false":
                return false;
            case "true":
                return true;
            default:
                faults.Add($"'{key}' must be true or false.");
                return false;
        }
    }

    private static Dictionary<string, string> Bindings(IQueryCollection query, List<string> faults)
    {
        var bindings = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in query["service"])
        {
            if (pair?.Split('=') is not [var from, var to] || !ServiceId.TryParse(from, out _) || !ServiceId.TryParse(to, out _))
            {
                faults.Add($"'service={pair}' is not of the form service=kind:name=kind:name.");
            }
            else if (!bindings.TryAdd(from, to))
            {
                faults.Add($"The service '{from}' is bound twice.");
            }
        }
        return bindings;
    }

    private static Dictionary<string, string> Settings(IQueryCollection query, List<string> faults)
    {
        // Keys are looked up without regard to case (edgegw/config.h), so they may not differ by case alone.
        var settings = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var pair in query["set"])
        {
            var cut = pair?.IndexOf('=', StringComparison.Ordinal) ?? -1;
            if (cut <= 0)
            {
                faults.Add($"'set={pair}' is not of the form set=key=value.");
            }
            else if (!settings.TryAdd(pair![..cut], pair[(cut + 1)..]))
            {
                faults.Add($"The setting '{pair[..cut]}' is given twice.");
            }
        }
        return settings;
    }
}
