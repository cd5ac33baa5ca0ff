using System.CommandLine;
using System.Text.Json;
using EdgeGw.Cli.Output;
using EdgeGw.Configuration;

namespace EdgeGw.Cli;

/// <summary><c>edgegw config</c>: the settings that <c>run</c> would have with the same file, variables and switches.</summary>
internal static class ConfigCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(CliHost host)
    {
        var check = new Option<bool>("--check") { Description = "Say only whether the configuration is right" };
        var keys = new Option<bool>("--keys") { Description = "List every key: type, default, range and meaning, as a Markdown table" };
        var json = new Option<bool>("--json") { Description = "Print the settings as a configuration file" };
        var command = new Command("config", "Show or check the settings that 'run' would have") { check, keys, json };
        var settings = new SettingsOptions(command, host);
        command.SetAction(parse =>
        {
            if (parse.GetValue(keys))
            {
                host.Out.Write(SettingTable.ToMarkdown());
                return ExitCode.Done;
            }
            var loaded = settings.Load(parse);
            if (parse.GetValue(check))
                host.Out.WriteLine($"{host.Paint.Good("✓")} the configuration is right ({settings.File(parse) ?? "no file"}, {Human.Count(loaded.Origins.Count, "key")} set)");
            else if (parse.GetValue(json))
                host.Out.WriteLine(JsonSerializer.Serialize(loaded.Settings, SettingsJson.Default.GatewaySettings));
            else
                Write(loaded, host);
            return ExitCode.Done;
        });
        return command;
    }

    private static void Write(LoadedSettings loaded, CliHost host)
    {
        var paint = host.Paint;
        var table = new Table("KEY", "VALUE", "FROM");
        foreach (var setting in SettingTable.All)
        {
            var value = setting.Show(loaded.Settings);
            table.Add(setting.Key, value.Length == 0 ? new Table.Cell("none", paint.Dim) : value, loaded.Origins.TryGetValue(setting.Key, out var origin) ? origin : new Table.Cell("default", paint.Dim));
        }
        table.Write(host.Out, paint);
    }
}
