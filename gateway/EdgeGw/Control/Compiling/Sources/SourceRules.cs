using System.Text;
using EdgeGw.Configuration;
using EdgeGw.Control.Changes;

namespace EdgeGw.Control.Compiling.Sources;

/// <summary>What a source may be. Every fault is said at once; names become paths only after this.</summary>
internal static class SourceRules
{
    private const int LongestName = 200;
    private const int MostPackages = 50;
    private const int LongestMethod = 32;
    private const int LongestPath = 1_000;

    /// <summary>Throws <see cref="ChangeRefusedException"/> with every reason when the source cannot be compiled.</summary>
    internal static void Check(SourceInput input, CompileSettings settings)
    {
        var reasons = new List<string>();
        CheckRoute(input, reasons);
        CheckFiles(input, settings, reasons);
        CheckPackages(input, settings, reasons);
        if (reasons.Count > 0)
        {
            throw new ChangeRefusedException(422, "The source cannot be compiled; nothing was changed.", reasons);
        }
    }

    // The generator checks what they mean. Here only what could not be handed to it as it is.
    private static void CheckRoute(SourceInput input, List<string> reasons)
    {
        if (input.Name.Length is 0 or > 64 || !input.Name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-'))
        {
            reasons.Add($"The name '{Shown(input.Name)}' is not made of 1 to 64 ASCII letters, digits, '.', '_' and '-'.");
        }
        if (input.Method.Length is 0 or > LongestMethod || !input.Method.All(c => c is > ' ' and < '\x7f'))
        {
            reasons.Add($"'{Shown(input.Method)}' is not an HTTP method.");
        }
        if (input.Path.Length is 0 or > LongestPath || input.Path[0] != '/' || input.Path.Any(c => char.IsControl(c) || char.IsWhiteSpace(c) || char.IsSurrogate(c) || c is '#' or '?'))
        {
            reasons.Add($"The path '{Shown(input.Path)}' is not one of at most {LongestPath} characters that begins with '/' and has no white space, '?' or '#'.");
        }
    }

    private static void CheckFiles(SourceInput input, CompileSettings settings, List<string> reasons)
    {
        if (input.Files.Count == 0)
        {
            reasons.Add("There is no file; write at least one.");
        }
        if (input.Files.Count + input.Shared.Count > settings.Files)
        {
            reasons.Add($"There are {input.Files.Count + input.Shared.Count} files; {settings.Files} are allowed (Compile:Files).");
            return;
        }
        var bytes = input.All.Sum(file => (long)Encoding.UTF8.GetByteCount(file.Text));
        if (bytes > settings.SourceBytes)
        {
            reasons.Add($"The files have {bytes} bytes; {settings.SourceBytes} are allowed (Compile:SourceBytes).");
        }
        foreach (var file in input.Files.Concat(input.Shared))
        {
            if (Fault(file.Name) is { } fault)
            {
                reasons.Add($"The file name '{Shown(file.Name)}' {fault}.");
            }
        }
        foreach (var file in input.Files.Where(file => file.Name.StartsWith(SourceInput.SharedFolder, StringComparison.OrdinalIgnoreCase)))
        {
            reasons.Add($"The file name '{Shown(file.Name)}' begins with '{SourceInput.SharedFolder}', which is the collection's.");
        }
        // Not by case either: a name may come from a file system that does not tell them apart.
        foreach (var twice in input.All.GroupBy(file => file.Name, StringComparer.OrdinalIgnoreCase).Where(group => group.Count() > 1))
        {
            reasons.Add($"The file '{Shown(twice.Key)}' is there twice.");
        }
    }

    private static void CheckPackages(SourceInput input, CompileSettings settings, List<string> reasons)
    {
        if (input.Packages.Count > MostPackages)
        {
            reasons.Add($"There are {input.Packages.Count} packages; {MostPackages} are allowed.");
            return;
        }
        foreach (var package in input.Packages)
        {
            if (!SettingRule.IsPackageId(package.Id))
            {
                reasons.Add($"'{Shown(package.Id)}' is not a package's id.");
            }
            else if (!settings.Packages.Contains(package.Id, StringComparer.OrdinalIgnoreCase))
            {
                reasons.Add($"The package '{package.Id}' is not among those that may be used; whoever runs the gateway can add it to Compile:Packages, since its build files run on that machine.");
            }
            if (!IsVersion(package.Version))
            {
                reasons.Add($"'{Shown(package.Version)}' is not the version of a package, such as 1.2.3.");
            }
        }
        foreach (var twice in input.Packages.GroupBy(package => package.Id, StringComparer.OrdinalIgnoreCase).Where(group => group.Count() > 1))
        {
            reasons.Add($"The package '{Shown(twice.Key)}' is named twice.");
        }
    }

    private static string? Fault(string name)
    {
        if (name.Length is 0 or > LongestName)
        {
            return $"does not have 1 to {LongestName} characters";
        }
        if (!name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' or '/'))
        {
            return "has a character other than ASCII letters, digits, '.', '_', '-' and '/'";
        }
        if (name.Split('/').Any(part => part.Length == 0 || part.StartsWith('.') || part.StartsWith('-')))
        {
            return "is not a relative path whose parts begin with a letter, a digit or '_'";
        }
        return name.EndsWith(".cs", StringComparison.Ordinal) ? null : "does not end with '.cs'";
    }

    private static bool IsVersion(string version) =>
        version.Length is > 0 and <= 64 && char.IsAsciiDigit(version[0]) && version.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-');

    // In a sentence: bounded, and on one line.
    private static string Shown(string text) => string.Concat(text.Take(80).Select(c => char.IsControl(c) || char.IsSurrogate(c) ? '?' : c));
}
