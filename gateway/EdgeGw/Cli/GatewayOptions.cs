using System.CommandLine;
using System.CommandLine.Completions;
using System.Text;
using EdgeGw.Cli.Admin;
using EdgeGw.Cli.Remote;
using EdgeGw.Configuration;

namespace EdgeGw.Cli;

/// <summary>The options of a command that talks to a running gateway: where it is, and <c>--json</c>.</summary>
internal sealed class GatewayOptions
{
    // sun_path holds 108 bytes, the last of them a zero.
    private const int LongestSocketPath = 107;
    private static readonly TimeSpan CompletionPatience = TimeSpan.FromSeconds(1);

    private readonly CliHost _host;
    private readonly Option<string?> _state = new("--state") { Description = "The gateway's state directory (EDGEGW_STATE)", HelpName = "DIR" };
    private readonly Option<string?> _server = new("--server") { Description = "The Admin API's URL (EDGEGW_SERVER)", HelpName = "URL" };
    private readonly Option<string?> _token = new("--token") { Description = "An API key, or the contents of admin.token; needed with --server (EDGEGW_TOKEN)", HelpName = "KEY" };
    private readonly Option<string?> _profile = new("--profile") { Description = "The gateway that 'edgegw login --profile NAME' has been to (EDGEGW_PROFILE)", HelpName = "NAME" };
    private readonly Option<bool> _json = new("--json") { Description = "Print the Admin API's JSON" };

    /// <summary>Adds the options to <paramref name="command"/>, and makes <paramref name="run"/> what it does.</summary>
    public GatewayOptions(Command command, CliHost host, Func<ParseResult, AdminClient, CancellationToken, Task<int>> run)
        : this(host)
    {
        command.Add(_state);
        AddElsewhere(command);
        command.Add(_json);
        command.SetAction(async (parse, cancel) =>
        {
            using var client = Connect(parse);
            return await run(parse, client, cancel);
        });
    }

    private GatewayOptions(CliHost host)
    {
        _host = host;
        _profile.CompletionSources.Add(_ => new ProfileFile(host.Environment).Names());
    }

    /// <summary>The options of a gateway elsewhere alone, for a command that has one of its own without them (<see cref="ConnectElsewhere"/>).</summary>
    public static GatewayOptions Elsewhere(Command command, CliHost host)
    {
        var options = new GatewayOptions(host);
        options.AddElsewhere(command);
        return options;
    }

    /// <summary>The gateway that the command line names with <c>--server</c> or <c>--profile</c>; null when it names none, whatever variables and the default profile say.</summary>
    public AdminClient? ConnectElsewhere(ParseResult parse) => parse.GetValue(_server) is null && parse.GetValue(_profile) is null ? null : Connect(parse);

    /// <summary>Whether JSON was asked for.</summary>
    public bool Json(ParseResult parse) => parse.GetValue(_json);

    /// <summary>Whether the command line asks for JSON, of any command: an error is then a document too.</summary>
    public static bool IsJson(ParseResult parse) => parse.CommandResult.Command.Options.OfType<Option<bool>>().FirstOrDefault(o => o.Name == "--json") is { } json && parse.GetValue(json);

    /// <summary>Writes <paramref name="json"/> as it came.</summary>
    public void WriteJson(string json) => _host.Out.WriteLine(json.TrimEnd());

    /// <summary>Completes the names of the handlers that the gateway has; nothing when there is no gateway.</summary>
    public IEnumerable<CompletionItem> HandlerNames(CompletionContext context) =>
        Names(context, async (client, cancel) => (await client.GetStatusAsync(cancel)).Value.Handlers.Select(handler => handler.Name));

    /// <summary>Completes the services that the gateway has; nothing when there is no gateway.</summary>
    public IEnumerable<CompletionItem> ServiceNames(CompletionContext context) =>
        Names(context, async (client, cancel) => (await client.GetServicesAsync(cancel)).Value.Services.Select(service => service.Id));

    private List<CompletionItem> Names(CompletionContext context, Func<AdminClient, CancellationToken, Task<IEnumerable<string>>> ask)
    {
        try
        {
            using var patience = new CancellationTokenSource(CompletionPatience);
            using var client = Connect(context.ParseResult);
            // Completion is synchronous in System.CommandLine; there is no synchronization context to wait on here.
            return [.. ask(client, patience.Token).GetAwaiter().GetResult().Select(name => new CompletionItem(name))];
        }
        catch (Exception e) when (e is CliException or OperationCanceledException)
        {
            return [];
        }
    }

    private void AddElsewhere(Command command)
    {
        command.Add(_server);
        command.Add(_token);
        command.Add(_profile);
    }

    private AdminClient Connect(ParseResult parse)
    {
        // Of a command that does not have the option, it is null.
        var (state, server, profile) = (parse.GetValue(_state), parse.GetValue(_server), parse.GetValue(_profile));
        if (new[] { state, server, profile }.Count(given => given is not null) > 1)
            throw new CliException(ExitCode.Usage, "give one of --state, --server and --profile");
        var token = parse.GetValue(_token);
        if (state is not null)
            return ConnectToSocket(state);
        if (server is null && profile is null)
            server = Variable("EDGEGW_SERVER");
        if (server is not null)
            return ServerAddress.Connect(new Profile { Server = server, Token = (token ?? Variable("EDGEGW_TOKEN"))?.Trim() ?? "", Authority = Variable("EDGEGW_CA") });
        profile ??= Variable("EDGEGW_PROFILE");
        var isDefault = profile is null;
        if (isDefault && Variable("EDGEGW_STATE") is not null)
            return ConnectToSocket(null);
        var profiles = new ProfileFile(_host.Environment).Read();
        if (profiles.GetValueOrDefault(profile ?? ProfileFile.Default) is { } known)
            return ServerAddress.Connect(token is null ? known : known with { Token = token.Trim() });
        return isDefault ? ConnectToSocket(null) : throw ServerAddress.Unknown(profile!, profiles.Keys);
    }

    private string? Variable(string name) => _host.Environment.GetValueOrDefault(name) is { Length: > 0 } value ? value : null;

    private AdminClient ConnectToSocket(string? state)
    {
        var socket = Path.Combine(StateLocation.Resolve(state, _host.Environment), "control.sock");
        var chosen = state is not null || !string.IsNullOrEmpty(_host.Environment.GetValueOrDefault("EDGEGW_STATE"));
        // A gateway that runs as a service is found without being told.
        var installed = Path.Combine(StateLocation.Installed, "control.sock");
        if (!chosen && !File.Exists(socket) && File.Exists(installed))
            socket = installed;
        if (Encoding.UTF8.GetByteCount(socket) > LongestSocketPath)
            throw new CliException(ExitCode.Usage, $"{socket} is longer than a Unix socket's path may be ({LongestSocketPath} bytes)");
        return AdminClient.ForSocket(socket);
    }
}
