using System.Text;
using System.Text.Json;
using EdgeGw.Configuration;
using Microsoft.Extensions.Configuration.Json;

namespace EdgeGw.Fuzz.Targets;

/// <summary>A configuration file, and the same text as a variable's value: settings within their bounds, or sentences.</summary>
internal static class SettingsTarget
{
    internal static void Run(byte[] input)
    {
        var text = Encoding.UTF8.GetString(input);
        var sources = new List<SettingSource>();
        if (FromJson(input) is { } file)
        {
            sources.Add(file);
        }
        foreach (var line in text.Split('\n').Take(8))
        {
            var cut = line.IndexOf('=', StringComparison.Ordinal);
            if (cut > 0)
            {
                sources.Add(SettingSource.FromEnvironment(new Dictionary<string, string> { ["EDGEGW_" + line[..cut]] = line[(cut + 1)..] }));
            }
        }
        var loaded = SettingsLoader.Load(sources, []);
        FuzzFindingException.ThrowUnless(loaded.Errors.All(error => error.Length > 0), "an error without words");
        // What control writes for the worker, the worker reads.
        var written = JsonSerializer.SerializeToUtf8Bytes(loaded.Settings, SettingsJson.Default.GatewaySettings);
        var again = JsonSerializer.Deserialize(written, SettingsJson.Default.GatewaySettings)!;
        foreach (var setting in SettingTable.All)
        {
            FuzzFindingException.ThrowUnless(setting.Show(again) == setting.Show(loaded.Settings), $"{setting.Key} is another after it was written and read");
        }
    }

    private static SettingSource? FromJson(byte[] json)
    {
        try
        {
            var provider = new JsonStreamConfigurationProvider(new JsonStreamConfigurationSource { Stream = new MemoryStream(json) });
            provider.Load();
            return new SettingSource(provider, _ => "file", "/");
        }
        catch (Exception e) when (e is JsonException or FormatException)
        {
            return null; // as SettingSource.FromFile says in a sentence
        }
    }
}
