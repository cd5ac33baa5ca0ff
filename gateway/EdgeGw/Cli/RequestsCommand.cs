using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using EdgeGw.Cli.Admin;
using EdgeGw.Cli.Following;
using EdgeGw.Cli.Output;
using EdgeGw.Pipeline.Observe;

namespace EdgeGw.Cli;

/// <summary><c>edgegw requests</c>: the last requests, and with <c>-f</c> each as it comes.</summary>
internal static class RequestsCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(CliHost host)
    {
        var follow = new Option<bool>("--follow", "-f") { Description = "Go on with requests as they come" };
        var tail = CliOptions.Count("--tail", "N", "How many of the newest requests", 0, 1_000, defaultValue: 20);
        var handler = new Option<string?>("--handler") { Description = "Requests of this handler only", HelpName = "NAME" };
        var status = new Option<string?>("--status") { Description = "Requests answered so only: 404, or 5xx", HelpName = "STATUS" };
        status.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && !RequestFilter.TryReadStatus(result.Tokens[0].Value, out _))
                result.AddError($"--status: '{result.Tokens[0].Value}' is neither a status such as 404 nor a class such as 5xx");
        });
        var id = new Option<string?>("--id") { Description = "The request with this id only", HelpName = "ID" };
        var spans = new Option<bool>("--spans") { Description = "Show the service calls of each request" };
        var command = new Command("requests", "Show the last requests of the gateway: handler, status, times, service calls") { follow, tail, handler, status, id, spans };
        GatewayOptions gateway = null!;
        gateway = new GatewayOptions(command, host, async (parse, client, cancel) =>
        {
            var (json, isFollowed) = (gateway.Json(parse), parse.GetValue(follow));
            var (name, code, only, calls) = (parse.GetValue(handler), parse.GetValue(status), parse.GetValue(id), parse.GetValue(spans));
            if (!isFollowed)
            {
                await ShowAsync();
                return ExitCode.Done;
            }
            var shown = new HashSet<(int, long)>();
            await foreach (var line in client.FollowRequestsAsync(name, code, cancel))
            {
                if (line is null)
                {
                    shown.UnionWith(await ShowAsync());
                    continue;
                }
                var request = JsonSerializer.Deserialize(line, CliJson.Default.RequestReply)!;
                // One that came while the others were asked for is in both.
                if (!shown.Remove((request.Worker, request.Number)) && (only is null || request.RequestId == only))
                    host.Out.WriteLine(json ? line : Format(request, calls, host));
            }
            return ExitCode.Done;

            async Task<IEnumerable<(int, long)>> ShowAsync()
            {
                if (parse.GetValue(tail) is not (> 0 and var count))
                    return [];
                var last = await client.GetRequestsAsync(count, name, code, only, cancel);
                if (json && !isFollowed)
                {
                    gateway.WriteJson(last.Json);
                    return [];
                }
                using var document = JsonDocument.Parse(last.Json);
                foreach (var (request, text) in last.Value.Items.Zip(document.RootElement.GetProperty("items").EnumerateArray()).Reverse())
                    host.Out.WriteLine(json ? text.GetRawText() : Format(request, calls, host));
                return last.Value.Items.Select(request => (request.Worker, request.Number));
            }
        });
        handler.CompletionSources.Add(gateway.HandlerNames);
        return command;
    }

    private static string Format(RequestReply request, bool calls, CliHost host)
    {
        var paint = host.Paint;
        var time = TimeZoneInfo.ConvertTime(request.Time, host.Time.LocalTimeZone).ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture);
        var status = RequestText.Status(request.Status, paint);
        var who = request.Handler is null ? paint.Dim("no route") : Printable.Escape($"{request.Handler} {request.Version}");
        var queued = request.QueueMs >= 1 && request.Handler is not null ? $", {Human.Time(request.QueueMs)} of it queued" : "";
        var error = request.Error is null ? "" : paint.Bad(" " + Printable.Escape(request.Error.ReplaceLineEndings(" ")));
        var text = $"{paint.Dim(time)} {status} {Printable.Escape(request.Method)} {paint.Bold(Printable.Escape(request.Path))} {Human.Time(request.Ms)}{queued}  {who}{error} {paint.Dim($"[{Printable.Escape(request.RequestId)}]")}";
        return !calls ? text : string.Join("\n", request.Spans.Select(Format).Prepend(text).Concat(request.SpansLost > 0 ? [$"    and {Human.Count(request.SpansLost, "call")} more"] : []));

        string Format(RequestSpanReply span) =>
            $"    +{Human.Time(span.AtMs)} {Printable.Escape($"{span.Kind}:{span.Name} {span.Operation}{(span.Target is null ? "" : " " + span.Target)}")} {Human.Time(span.Ms)}{(span.Outcome == "answered" ? "" : " " + paint.Bad(Printable.Escape(span.Outcome)))}";
    }
}
