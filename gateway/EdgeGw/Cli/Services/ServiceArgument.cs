using System.CommandLine;
using System.CommandLine.Completions;
using EdgeGw.Epochs;

namespace EdgeGw.Cli.Services;

/// <summary>The argument <c>KIND:NAME</c>.</summary>
internal static class ServiceArgument
{
    /// <summary>Makes it.</summary>
    public static Argument<ServiceId> Create() => new("service")
    {
        Description = $"The service, as {ServiceId.Form}",
        HelpName = "KIND:NAME",
        CustomParser = result =>
        {
            if (!ServiceId.TryParse(result.Tokens[0].Value, out var id))
                result.AddError($"'{result.Tokens[0].Value}' is not a service: write {ServiceId.Form}");
            return id;
        },
    };

    /// <summary>Completes it with the services that the gateway has, and where a new one may be named, with the kinds.</summary>
    public static void CompleteWith(this Argument<ServiceId> argument, GatewayOptions gateway, bool andKinds = false)
    {
        argument.CompletionSources.Add(gateway.ServiceNames);
        if (andKinds)
            argument.CompletionSources.Add(_ => ServiceProviders.Kinds.Select(kind => new CompletionItem(kind + ":")));
    }
}
