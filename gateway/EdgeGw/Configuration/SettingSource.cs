using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Json;
using Microsoft.Extensions.Configuration.Memory;

namespace EdgeGw.Configuration;

/// <summary>One place settings come from, and how it names a key in a message.</summary>
/// <param name="Provider">The loaded provider.</param>
/// <param name="Describe">Where a key was given, for people: a file, a variable, a switch.</param>
/// <param name="BaseDirectory">What relative file names are relative to.</param>
internal sealed record SettingSource(IConfigurationProvider Provider, Func<string, string> Describe, string BaseDirectory)
{
    private const string Prefix = "EDGEGW_";

    /// <summary>Variables with the prefix that are no settings.</summary>
    public static IReadOnlyList<string> Reserved { get; } = ["EDGEGW_STATE", "EDGEGW_SERVER", "EDGEGW_TOKEN", "EDGEGW_CONFIG", "EDGEGW_FEED"];

    /// <summary>Reads a JSON file. Returns null, with a sentence in <paramref name="errors"/>, when it cannot be read.</summary>
    public static SettingSource? FromFile(string path, List<string> errors)
    {
        path = Path.GetFullPath(path);
        if (Directory.Exists(path))
        {
            errors.Add($"{path}: this is a folder, not a configuration file");
            return null;
        }
        try
        {
            using var stream = File.OpenRead(path);
            var provider = new JsonStreamConfigurationProvider(new JsonStreamConfigurationSource { Stream = stream });
            provider.Load();
            return new(provider, _ => path, Path.GetDirectoryName(path)!);
        }
        catch (JsonException e)
        {
            errors.Add($"{path}, line {e.LineNumber + 1}: this is not JSON: {FirstSentence(e.Message)}");
        }
        catch (FormatException e)
        {
            errors.Add($"{path}: {e.Message}");
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            errors.Add($"{path}: there is no such configuration file");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            errors.Add($"{path}: cannot be read: {e.Message}");
        }
        return null;
    }

    /// <summary>Takes the <c>EDGEGW_</c> variables; <c>__</c> stands for the <c>:</c> of a key.</summary>
    public static SettingSource FromEnvironment(IReadOnlyDictionary<string, string> environment)
    {
        var names = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var data = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in environment)
        {
            if (!name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) || Reserved.Contains(name, StringComparer.OrdinalIgnoreCase))
                continue;
            var key = name[Prefix.Length..].Replace("__", ":", StringComparison.Ordinal);
            names[key] = name;
            data[key] = value;
        }
        return new(InMemory(data), key => $"the variable {names.GetValueOrDefault(key, Prefix + key)}", Environment.CurrentDirectory);
    }

    /// <summary>Takes the switches, each a key, its value and the switch as people know it.</summary>
    public static SettingSource FromSwitches(IEnumerable<(string Key, string Value, string Switch)> switches)
    {
        var names = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var data = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        foreach (var (key, value, name) in switches)
        {
            names[key] = name;
            data[key] = value;
        }
        return new(InMemory(data), key => names.GetValueOrDefault(key, key), Environment.CurrentDirectory);
    }

    /// <summary>Every key that this source gives, with its value.</summary>
    public IEnumerable<(string Key, string? Value)> Entries() => Below(null);

    private IEnumerable<(string Key, string? Value)> Below(string? parent)
    {
        foreach (var child in Provider.GetChildKeys([], parent).Distinct(StringComparer.OrdinalIgnoreCase))
        {
            var key = parent is null ? child : ConfigurationPath.Combine(parent, child);
            if (Provider.TryGet(key, out var value))
                yield return (key, value);
            foreach (var entry in Below(key))
                yield return entry;
        }
    }

    private static MemoryConfigurationProvider InMemory(Dictionary<string, string?> data) => new(new MemoryConfigurationSource { InitialData = data });

    // The library's message ends with the path and the position, which the sentence already has.
    private static string FirstSentence(string message) => message.Split(" LineNumber:", 2)[0].Split(" Path:", 2)[0].TrimEnd('.', ' ');
}
