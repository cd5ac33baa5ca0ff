using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeGw.Cli.Following;

namespace EdgeGw.Cli;

/// <summary><c>edgegw events</c>: what happens in the gateway, as it happens.</summary>
internal static class EventsCommand
{
    private const int LeastMetricsMs = 100;

    /// <summary>Makes the command.</summary>
    public static Command Create(CliHost host)
    {
        var type = new Option<string[]>("--type") { Description = "Events of this type only, such as crash (repeatable)", HelpName = "TYPE" };
        type.CompletionSources.Add("epoch", "deployment", "endpoint", "crash", "quarantine", "log", "request", "metrics");
        var log = new Option<bool>("--log") { Description = "The log's lines too" };
        var requests = new Option<bool>("--requests") { Description = "Requests too, as the request log has them" };
        var handler = new Option<string?>("--handler") { Description = "Of the log and of requests, those of this handler only", HelpName = "NAME" };
        var metrics = CliOptions.Duration("--metrics", "Figures of the traffic too, each time this has passed, such as 1s");
        var reconnect = CliOptions.Reconnect();
        var command = new Command("events", "Show deploys, crashes and what else happens, as it happens, until Ctrl+C") { type, log, requests, handler, metrics, reconnect };
        GatewayOptions gateway = null!;
        gateway = new GatewayOptions(command, host, async (parse, client, cancel) =>
        {
            var (json, types) = (gateway.Json(parse), parse.GetValue(type) ?? []);
            var query = Query(parse.GetValue(log) || types.Contains("log"), parse.GetValue(requests) || types.Contains("request"), parse.GetValue(handler), parse.GetValue(metrics));
            string? lastSeen = null;
            await foreach (var happened in Reconnecting.FollowAsync(opened => client.GetEventsAsync(query, lastSeen, opened, cancel), host, parse.Patience(reconnect), cancel))
            {
                lastSeen = happened.Id ?? lastSeen;
                if (types.Length > 0 && !types.Contains(happened.Type))
                    continue;
                host.Out.WriteLine(json ? Json(happened) : $"{host.Paint.Dim(Now(host))} {EventText.Format(happened, host)}");
            }
            return ExitCode.Done;
        });
        handler.CompletionSources.Add(gateway.HandlerNames);
        return command;
    }

    // What is wanted beside what everybody gets.
    private static string Query(bool log, bool requests, string? handler, int? metricsMs)
    {
        if (metricsMs < LeastMetricsMs)
            throw new CliException(ExitCode.Usage, string.Create(CultureInfo.InvariantCulture, $"--metrics: {LeastMetricsMs}ms is the least"));
        string?[] wishes = [log ? "log=true" : null, requests ? "requests=true" : null, (log || requests) && handler is not null ? "handler=" + Uri.EscapeDataString(handler) : null, metricsMs is { } ms ? string.Create(CultureInfo.InvariantCulture, $"metrics={ms}") : null];
        var given = string.Join('&', wishes.Where(wish => wish is not null));
        return given.Length == 0 ? "" : "?" + given;
    }

    private static string Now(CliHost host) => host.Time.GetLocalNow().ToString("HH:mm:ss", CultureInfo.InvariantCulture);

    // One document a line, the event's own in it as it came.
    private static string Json(Admin.EventReply happened)
    {
        JsonNode? data;
        try
        {
            data = JsonNode.Parse(happened.Data);
        }
        catch (JsonException)
        {
            data = happened.Data;
        }
        return new JsonObject { ["id"] = happened.Id, ["event"] = happened.Type, ["data"] = data }.ToJsonString();
    }
}
