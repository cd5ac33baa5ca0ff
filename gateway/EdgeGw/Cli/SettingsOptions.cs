using System.CommandLine;
using EdgeGw.Configuration;

namespace EdgeGw.Cli;

/// <summary>The options that make settings, of <c>run</c> and of <c>config</c>.</summary>
internal sealed class SettingsOptions
{
    private readonly CliHost _host;
    private readonly Option<string?> _state = new("--state") { Description = "The state directory (EDGEGW_STATE)", HelpName = "DIR" };
    private readonly Option<string?> _config = new("--config") { Description = "The configuration file (EDGEGW_CONFIG); else edgegw.json in the state directory, else /etc/edgegw/edgegw.json", HelpName = "FILE" };
    private readonly Option<string[]> _listen = new("--listen") { Description = "Where to listen for traffic, such as http://127.0.0.1:8080 (repeatable)", HelpName = "URL" };
    private readonly Option<string?> _admin = new("--admin") { Description = "Where the Admin API listens, such as http://127.0.0.1:8081; '' for the Unix socket alone", HelpName = "URL" };
    private readonly Option<string[]> _set = CliOptions.Pairs("--set", "KEY=VALUE", "Any setting, such as Limits:DeadlineMs=5000 (repeatable; 'edgegw config --keys' lists them)");

    /// <summary>Adds the options to <paramref name="command"/>.</summary>
    public SettingsOptions(Command command, CliHost host)
    {
        _host = host;
        command.Add(_state);
        command.Add(_config);
        command.Add(_listen);
        command.Add(_admin);
        command.Add(_set);
        _set.CompletionSources.Add(_ => SettingTable.All.Select(setting => new System.CommandLine.Completions.CompletionItem(setting.Key + "=")));
    }

    /// <summary>The state directory in force.</summary>
    public string StateDirectory(ParseResult parse) => StateLocation.Resolve(parse.GetValue(_state), _host.Environment);

    /// <summary>The configuration file in force, or null.</summary>
    public string? File(ParseResult parse) => StateLocation.FindConfiguration(parse.GetValue(_config), StateDirectory(parse), _host.Environment);

    /// <summary>Loads file, variables and switches. Throws with every reason when anything is wrong.</summary>
    public LoadedSettings Load(ParseResult parse)
    {
        var errors = new List<string>();
        var sources = new List<SettingSource>();
        if (File(parse) is { } file && SettingSource.FromFile(file, errors) is { } fromFile)
            sources.Add(fromFile);
        sources.Add(SettingSource.FromEnvironment(_host.Environment));
        sources.Add(SettingSource.FromSwitches(Switches(parse)));
        var loaded = SettingsLoader.Load(sources, errors);
        return loaded.Errors.Count switch
        {
            0 => loaded,
            1 => throw new CliException(ExitCode.Failed, loaded.Errors[0]),
            _ => throw new CliException(ExitCode.Failed, "the configuration is wrong:", loaded.Errors),
        };
    }

    private IEnumerable<(string Key, string Value, string Switch)> Switches(ParseResult parse)
    {
        foreach (var pair in parse.GetValue(_set) ?? [])
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            yield return (pair[..equals], pair[(equals + 1)..], $"--set {pair[..equals]}");
        }
        var listen = parse.GetValue(_listen) ?? [];
        for (var i = 0; i < listen.Length; i++)
            yield return (FormattableString.Invariant($"Listen:{i}"), listen[i], "--listen");
        if (parse.GetValue(_admin) is { } admin)
            yield return ("Admin", admin, "--admin");
    }
}
