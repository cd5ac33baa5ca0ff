using EdgeGw.Fuzz.Targets;

namespace EdgeGw.Fuzz;

/// <summary>Every target by its name, which is also its corpus's folder. A target takes any bytes; whatever it throws is a finding.</summary>
public static class FuzzTargets
{
    /// <summary>All of them.</summary>
    public static IReadOnlyDictionary<string, Action<byte[]>> All { get; } = new SortedDictionary<string, Action<byte[]>>(StringComparer.Ordinal)
    {
        ["abi"] = AbiTarget.Run,
        ["archive"] = ArchiveTarget.Run,
        ["blame"] = BlameTarget.Run,
        ["bundle"] = BundleTarget.Run,
        ["elf"] = ElfTarget.Run,
        ["epoch"] = EpochTarget.Run,
        ["form"] = FormTarget.Run,
        ["headers"] = HeadersTarget.Run,
        ["manifest"] = ManifestTarget.Run,
        ["openapi"] = OpenApiTarget.Run,
        ["query"] = QueryTarget.Run,
        ["routes"] = RoutesTarget.Run,
        ["settings"] = SettingsTarget.Run,
        ["sql"] = SqlTarget.Run,
        ["target"] = TargetTarget.Run,
        ["values"] = ValuesTarget.Run,
    };
}

/// <summary>Something that must hold did not.</summary>
public sealed class FuzzFindingException(string what) : Exception(what)
{
    internal static void ThrowUnless(bool holds, string what)
    {
        if (!holds)
        {
            throw new FuzzFindingException(what);
        }
    }
}
