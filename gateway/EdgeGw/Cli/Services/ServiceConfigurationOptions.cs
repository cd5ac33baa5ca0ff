using System.CommandLine;
using System.CommandLine.Completions;
using EdgeGw.Cli.Admin;
using EdgeGw.Epochs;

namespace EdgeGw.Cli.Services;

/// <summary>The options that say what a service is to be, of <c>add</c> and of <c>test</c>.</summary>
internal sealed class ServiceConfigurationOptions
{
    private readonly Argument<ServiceId> _service;
    private readonly Option<string?> _provider = new("--provider") { Description = $"The backend: {string.Join(", ", ServiceProviders.All.Select(provider => provider.Name))}", HelpName = "PROVIDER" };
    private readonly Option<string[]> _set = CliOptions.Pairs("--set", "KEY=VALUE", "A setting of the provider's, such as host=db.example.com; a secret as secret:name, env:NAME, file:/path or credential:name (repeatable)");
    private readonly Option<int?> _pool = CliOptions.Count("--pool", "N", "Calls at work at once", 1, 1_000);
    private readonly Option<int?> _queue = CliOptions.Count("--queue", "N", "Calls that may wait; the next one is answered busy", 1, 1_000_000);
    private readonly Option<int?> _timeout = CliOptions.Duration("--timeout", "How long one call may take, waiting included, such as 5s");

    /// <summary>Adds the options to <paramref name="command"/>.</summary>
    public ServiceConfigurationOptions(Command command, Argument<ServiceId> service, bool required)
    {
        _service = service;
        _provider.Required = required;
        command.Add(_provider);
        command.Add(_set);
        command.Add(_pool);
        command.Add(_queue);
        command.Add(_timeout);
        _provider.CompletionSources.Add(context => ServiceProviders.Names(Kind(context)).Select(name => new CompletionItem(name)));
        _set.CompletionSources.Add(context => Candidates(context).SelectMany(provider => provider.Settings).Select(setting => setting.Key + "=").Distinct().Select(key => new CompletionItem(key)));
    }

    /// <summary>What was asked for; null when no provider is named.</summary>
    public ServiceBody? Read(ParseResult parse)
    {
        var id = parse.GetValue(_service);
        var pairs = parse.GetValue(_set) ?? [];
        if (parse.GetValue(_provider) is not { } provider)
        {
            return pairs.Length == 0 && (parse.GetValue(_pool) ?? parse.GetValue(_queue) ?? parse.GetValue(_timeout)) is null ? null
                : throw new CliException(ExitCode.Usage, "settings need --provider: without it, the service is tried as it is configured");
        }
        var settings = pairs.Select(pair => pair.Split('=', 2)).ToDictionary(parts => parts[0], parts => parts[1]);
        foreach (var (key, value) in settings)
        {
            // Asked here too, so that a password does not travel only to be refused.
            if (ServiceProviders.Find(id.Kind, provider)?.Find(key)?.Value.IsSecret == true && !SecretReference.TryParse(value, out _, out var error))
                throw new CliException(ExitCode.Failed, $"{id}: '{key}' {error}");
        }
        return new ServiceBody
        {
            Kind = id.Kind,
            Name = id.Name,
            Provider = provider,
            Settings = settings,
            PoolSize = parse.GetValue(_pool),
            QueueLength = parse.GetValue(_queue),
            TimeoutMs = parse.GetValue(_timeout),
        };
    }

    private IEnumerable<ServiceProvider> Candidates(CompletionContext context)
    {
        var (kind, name) = (Kind(context), context.ParseResult.GetResult(_provider)?.Tokens is [var token, ..] ? token.Value : null);
        return ServiceProviders.All.Where(provider => provider.Kind == kind && (name is null || provider.Name == name));
    }

    private string Kind(CompletionContext context) => context.ParseResult.GetResult(_service)?.Tokens is [var token, ..] && ServiceId.TryParse(token.Value, out var id) ? id.Kind : "";
}
