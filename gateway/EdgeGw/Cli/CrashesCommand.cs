using System.CommandLine;
using System.Globalization;
using EdgeGw.Cli.Admin;
using EdgeGw.Cli.Output;

namespace EdgeGw.Cli;

/// <summary><c>edgegw crashes</c>: what killed the worker, all of them or one in detail.</summary>
internal static class CrashesCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(CliHost host)
    {
        var id = new Argument<int?>("id") { Description = "The number of one crash, to show all of its report", Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("crashes", "Show what killed the worker, and what was done about it") { id };
        GatewayOptions gateway = null!;
        gateway = new GatewayOptions(command, host, async (parse, client, cancel) =>
        {
            if (parse.GetValue(id) is { } number)
            {
                var crash = await client.GetCrashAsync(number, cancel);
                Show(gateway.Json(parse), crash.Json, () => Write(crash.Value, host));
            }
            else
            {
                var crashes = await client.GetCrashesAsync(cancel);
                Show(gateway.Json(parse), crashes.Json, () => Write(crashes.Value, host));
            }
            return ExitCode.Done;
        });
        return command;

        void Show(bool asJson, string json, Action write)
        {
            if (asJson)
                gateway.WriteJson(json);
            else
                write();
        }
    }

    private static void Write(CrashesReply reply, CliHost host)
    {
        if (reply.Crashes.Count == 0)
        {
            host.Out.WriteLine("No worker has died.");
            return;
        }
        var table = new Table(">CRASH", "WHEN", "BLAMED", ">REQUESTS LOST", "CAUSE", "DONE");
        foreach (var crash in reply.Crashes)
        {
            var blamed = crash.Handler is not null ? $"{crash.Handler} {crash.Version}" : crash.Suspects.Count > 0 ? $"one of {string.Join(", ", crash.Suspects)}" : "nobody";
            table.Add(crash.Id.ToString(CultureInfo.InvariantCulture), Human.Ago(crash.Time, host.Time), blamed, crash.Requests.ToString(CultureInfo.InvariantCulture), crash.Cause, crash.Action ?? "-");
        }
        table.Write(host.Out, host.Paint);
    }

    private static void Write(CrashReply crash, CliHost host)
    {
        var (writer, paint) = (host.Out, host.Paint);
        writer.WriteLine(paint.Bold(string.Create(CultureInfo.InvariantCulture, $"Crash {crash.Id}, {crash.Time:yyyy-MM-dd HH:mm:ss.fff} UTC")));
        Line("worker", string.Create(CultureInfo.InvariantCulture, $"{crash.Worker} (process {crash.Pid}), up {Human.Time(crash.UptimeMs)}, epoch {crash.Epoch}"));
        Line("cause", crash.Cause);
        Line("blamed", crash.Blamed is { } blamed ? $"{blamed.Handler} {blamed.Version} ({Human.Hash(blamed.Sha256)})" : "nobody");
        Line("done", crash.Action ?? "nothing");
        if (crash.Suspects.Count > 0)
        {
            writer.WriteLine();
            var table = new Table("SUSPECT", "VERSION", "EVIDENCE", ">CALLS", "INSIDE", ">REQUESTS", "SHA-256");
            foreach (var suspect in crash.Suspects)
            {
                table.Add(suspect.Handler, suspect.Version, suspect.Evidence, suspect.Calls.ToString(CultureInfo.InvariantCulture),
                    suspect.Phases.Count == 0 ? "-" : string.Join(", ", suspect.Phases), suspect.Requests.ToString(CultureInfo.InvariantCulture), Human.Hash(suspect.Sha256));
            }
            table.Write(writer, paint);
        }
        Block(string.Create(CultureInfo.InvariantCulture, $"Requests lost ({crash.Requests.Count + crash.RequestsLeftOut})"), [.. crash.Requests.Select(request => $"{request.Id}  {request.Handler} {request.Version}")]);
        Block("Managed stack", crash.ManagedStack);
        Block("Native stack", [crash.NativeStackNote, .. crash.NativeStack]);
        Block("Standard error", crash.StandardError.TrimEnd('\n').Split('\n'));

        void Line(string name, string value) => writer.WriteLine($"  {paint.Dim(name.PadRight(8))} {Printable.Escape(value)}");

        void Block(string title, IReadOnlyList<string> lines)
        {
            if (lines.All(string.IsNullOrEmpty))
                return;
            writer.WriteLine();
            writer.WriteLine(paint.Bold(title));
            foreach (var line in lines)
                writer.WriteLine("  " + Printable.Escape(line.TrimEnd('\r')));
        }
    }
}
