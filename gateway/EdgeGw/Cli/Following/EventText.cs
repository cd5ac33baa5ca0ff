using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using EdgeGw.Cli.Admin;
using EdgeGw.Cli.Output;

namespace EdgeGw.Cli.Following;

/// <summary>An event, for people.</summary>
internal static class EventText
{
    /// <summary>What it says; of a kind that is not known, and of a document that cannot be read, the document.</summary>
    public static string Format(EventReply happened, CliHost host) => Printable.Escape(happened.Type).PadRight(10) + " " + happened.Type switch
    {
        "ready" => Show(happened, CliJson.Default.ReadyReply, ready => string.Create(CultureInfo.InvariantCulture, $"epoch {ready.Epoch} is in force")),
        "missed" => Show(happened, CliJson.Default.MissedReply, missed => host.Paint.Busy(Printable.Escape(missed.Reason))),
        "epoch" => Show(happened, CliJson.Default.EpochReply, epoch => Printable.Escape(string.Create(CultureInfo.InvariantCulture, $"{epoch.Number}: {epoch.Reason}"))),
        "deployment" => Show(happened, CliJson.Default.DeploymentReply, deployment => Deployment(deployment, host)),
        "endpoint" => Show(happened, CliJson.Default.EndpointReply, endpoint => Endpoint(endpoint, host)),
        "crash" => Show(happened, CliJson.Default.CrashLineReply, crash => Crash(crash, host)),
        "quarantine" => Show(happened, CliJson.Default.QuarantineReply, quarantine => host.Paint.Bad(Printable.Escape(quarantine.Reason))),
        "request" => Show(happened, CliJson.Default.RequestReply, request => RequestText.Format(request, host)),
        "metrics" => Show(happened, CliJson.Default.MetricsReply, Metrics),
        "log" when LogText.Read(happened.Data) is { } entry => LogText.Format(entry, host),
        _ => Printable.Escape(happened.Data),
    };

    /// <summary>Who died, and what was done about it.</summary>
    public static string Crash(CrashLineReply crash, CliHost host)
    {
        var who = crash.Handler is not null ? $"{crash.Handler} {crash.Version} is blamed" : crash.Suspects.Count > 0 ? $"one of {string.Join(", ", crash.Suspects)} is to blame" : "nobody is blamed";
        var text = string.Create(CultureInfo.InvariantCulture, $"the worker died ({crash.Cause}): {who}; {Human.Count(crash.Requests, "request")} lost (crash {crash.Id}){(crash.Action is null ? "" : "; ")}{crash.Action}");
        return host.Paint.Bad(Printable.Escape(text));
    }

    private static string Deployment(DeploymentReply deployment, CliHost host)
    {
        var what = deployment.Result is "made" or "unchanged" ? Printable.Escape(deployment.Reason) : host.Paint.Bad(Printable.Escape($"{deployment.Action} {deployment.Result}: {deployment.Reason}"));
        var reasons = deployment.Reasons.Where(reason => !deployment.Reason.Contains(reason, StringComparison.Ordinal)).Select(reason => "\n           - " + Printable.Escape(reason));
        return what + host.Paint.Dim(Printable.Escape($" ({(deployment.Result == "unchanged" ? "unchanged, " : "")}{deployment.Principal}, {Human.Time(deployment.Ms)})")) + string.Concat(reasons);
    }

    private static string Endpoint(EndpointReply endpoint, CliHost host) =>
        $"{host.Paint.Bold(Printable.Escape(endpoint.Name))} {(endpoint.Deleted ? "is deleted" : host.Paint.State(Printable.Escape(endpoint.State)))}{(endpoint.StateReason is null ? "" : ": ")}{Printable.Escape(endpoint.StateReason)}";

    private static string Metrics(MetricsReply metrics) => metrics.Worker is null ? "no worker serves" : string.Create(
        CultureInfo.InvariantCulture,
        $"{metrics.RequestsPerSecond:0.#} requests/s, {metrics.ErrorsPerSecond:0.#} errors/s, {metrics.InFlight} in flight{(metrics.P50Ms is { } half ? $", p50 {Human.Time(half)}" : "")}{(metrics.P99Ms is { } most ? $", p99 {Human.Time(most)}" : "")}");

    /// <summary>An event's document; null when it cannot be read: the gateway may be of another version.</summary>
    public static T? Read<T>(EventReply happened, JsonTypeInfo<T> type) where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(happened.Data, type);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string Show<T>(EventReply happened, JsonTypeInfo<T> type, Func<T, string> format) where T : class =>
        Read(happened, type) is { } value ? format(value) : Printable.Escape(happened.Data);
}
