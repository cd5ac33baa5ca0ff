using System.Globalization;
using System.Text;
using EdgeGw.Bench.Baseline;

namespace EdgeGw.Load.Readme;

/// <summary>The tables of the README's figures. What there is no result of has no row.</summary>
internal sealed class FigureTables(IReadOnlyDictionary<string, SavedResult> results, StepBaseline steps)
{
    /// <summary>Where the steps are kept.</summary>
    public const string StepsPage = "bench/results/steps.json";

    private const string Gateway = "edgegw";
    private const string App = "ASP.NET Core AOT";

    private static readonly (string Case, string What, string Ours, string Theirs)[] s_underLoad =
    [
        ("load", "`GET /hello`, three fields of JSON", Gateway, App),
        ("http2", "the same over HTTP/2, 100 streams a connection", Gateway, App),
        ("parameters", "path and query parameters and three headers, as JSON", Gateway, App),
        ("json", "1 KiB of JSON in and out", Gateway, App),
        ("upload", "1 MiB up", Gateway, App),
        ("download", "1 MiB down", Gateway, App),
        ("routes", "10,000 routes, a parameter in each", "edgegw, 10000 routes", "ASP.NET Core AOT, 10000 routes"),
        ("handlers", "200 handler libraries in turn", "edgegw, 200 handlers", "ASP.NET Core AOT, 200 routes"),
        ("services", "one get from Redis", "edgegw, cache", "ASP.NET Core AOT, cache"),
        ("services", "one indexed select from PostgreSQL", "edgegw, database", "ASP.NET Core AOT, database"),
    ];

    /// <summary>All of them, in Markdown.</summary>
    public string Write()
    {
        var text = new StringBuilder();
        Table(text, ["under load", "server CPU per request", "requests per second", "p99 at half load", "measured"], s_underLoad.Select(UnderLoad));
        Table(text, ["`GET /hello`, edgegw to", "server CPU per request", "requests per second", "p99 at half load", "measured"], Peers());
        Table(text, ["single figures", Gateway, App, "measured"], SingleFigures());
        return text.ToString();
    }

    private static void Table(StringBuilder text, string[] head, IEnumerable<string?> rows)
    {
        var there = rows.OfType<string>().ToList();
        if (there.Count > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"| {string.Join(" | ", head)} |\n|{string.Concat(head.Select(_ => "---|"))}\n{string.Join('\n', there)}\n\n");
        }
    }

    private string? UnderLoad((string Case, string What, string Ours, string Theirs) row)
    {
        if (Server(row.Case, row.Ours) is not { } ours || Server(row.Case, row.Theirs) is not { } theirs)
        {
            return null;
        }
        string Cell(Func<Round, double> figure, string unit) => $"{Number(Report.Median([.. ours.Rounds.Select(figure).Order()]))}{unit}; {Report.Ratios(ours, theirs, figure)}";
        return $"| {row.What} | {Cell(round => round.CpuMicroseconds, " µs")} | {Cell(round => round.Saturated.PerSecond, "")} | {Cell(round => round.Half.P99, " ms")} | {Link(row.Case)} |";
    }

    // All that were measured beside it: the ratios alone.
    private IEnumerable<string> Peers() => Server("load", Gateway) is not { } ours ? [] :
        from peer in results["load"].Outcome.Measured
        where peer.Name != Gateway
        select $"| {peer.Name} | {Report.Ratios(ours, peer, round => round.CpuMicroseconds)} | {Report.Ratios(ours, peer, round => round.Saturated.PerSecond)} | {Report.Ratios(ours, peer, round => round.Half.P99)} | {Link("load")} |";

    private IEnumerable<string?> SingleFigures() =>
    [
        Row("load", "managed bytes allocated per request", Allocated("load", Gateway), null),
        Step("StepBench.Call_with_lease_and_blame_slot", "a call through the ABI and back, with lease and blame slot"),
        Step("PipelineBench.A_handler_that_writes_JSON", "the whole way of a request but Kestrel and the socket, through a handler in C that writes a line of JSON"),
        Row("load", "memory of all processes with one handler: idle, and right after the load", Memory("load", Gateway), Memory("load", App)),
        Row("idle", "memory of 10,000 idle connections", Figure("idle", Gateway, " MB", 1e-6), Figure("idle", App, " MB", 1e-6)),
        Row("held", "memory of 2,000 requests that wait for their handler, connections included", Figure("held", HeldCase.Bytes, " MB", 1e-6), null),
        Row("routes", "10,000 routes to 10, CPU per request", Ratio("routes", "edgegw, 10000 routes", "edgegw, 10 routes"), Ratio("routes", "ASP.NET Core AOT, 10000 routes", "ASP.NET Core AOT, 10 routes")),
        Row("handlers", "200 handler libraries in turn to one, CPU per request", Ratio("handlers", "edgegw, 200 handlers", "edgegw, one handler"), null),
        Row("blocking", "p99 of a fast route beside 8 connections that block 100 ms each time, to alone", Blocked(Gateway, "beside 8 connections that block 100 ms"), Blocked(App, "beside 8 connections that block 100 ms")),
        Row("blocking", "the same beside one call that never returns", Blocked(Gateway, "beside one call that never returns"), Blocked(App, "beside one call that never returns")),
        Row("start", "cold start to the first `200` through a handler", Figure("start", "cold start, edgegw", " ms"), Figure("start", "cold start, ASP.NET Core AOT", " ms")),
        Row("start", "from a C library on disk to its first answer, over the Admin API", Figure("start", "deploy of a C library, over the Admin API", " ms"), null),
        Row("start", "the same by `edgegw deploy`", Figure("start", "deploy of a C library, by `edgegw deploy`", " ms"), null),
        Row("start", "the same for a C# library", Figure("start", "deploy of a C# library, by `edgegw deploy`", " ms"), null),
        Row("edits", "from a saved edit to its answer, compiled in the gateway", Figure("edits", "edit to live", " ms"), null),
        Row("load", "worker killed: all of ten handlers answer again", Figure("load", Resilience.RecoveryFigure, " ms"), null),
        Row("load", "connections refused meanwhile", Figure("load", Resilience.RefusedFigure, ""), null),
        Row("load", "rollback in effect", Figure("load", Resilience.RollbackFigure, " ms"), null),
    ];

    private string? Row(string ofCase, string what, string? ours, string? theirs) => ours is null ? null : $"| {what} | {ours} | {theirs} | {Link(ofCase)} |";

    // Compiled ahead of time, as the gateway is.
    private string? Step(string name, string what) => steps.Of("aot") is { } run && run.Steps.FirstOrDefault(step => step.Name == name) is { } figure
        ? string.Create(CultureInfo.InvariantCulture, $"| {what} | {Number(figure.Nanoseconds)} ns, {figure.AllocatedBytes} bytes allocated |  | [{run.Day:yyyy-MM-dd}]({StepsPage}) |")
        : null;

    private Measured? Server(string ofCase, string name) => results.GetValueOrDefault(ofCase)?.Outcome.Measured.FirstOrDefault(server => server.Name == name);

    private string? Ratio(string ofCase, string name, string other) =>
        Server(ofCase, name) is { } many && Server(ofCase, other) is { } few ? Report.Ratios(many, few, round => round.CpuMicroseconds) : null;

    private string? Allocated(string ofCase, string name) =>
        Server(ofCase, name) is { } server && server.Rounds.All(round => round.AllocatedBytes is not null) ? Spread([.. server.Rounds.Select(round => round.AllocatedBytes!.Value)], "") : null;

    private string? Memory(string ofCase, string name) =>
        Server(ofCase, name) is { } server ? string.Create(CultureInfo.InvariantCulture, $"{server.IdleBytes / 1e6:0} MB, {server.LoadedBytes / 1e6:0} MB") : null;

    private string? Figure(string ofCase, string name, string unit, double scale = 1) =>
        results.GetValueOrDefault(ofCase)?.Outcome.Figures.GetValueOrDefault(name) is { } values ? Spread([.. values.Select(value => value * scale)], unit) : null;

    // To the same server alone, round by round.
    private string? Blocked(string server, string beside)
    {
        var figures = results.GetValueOrDefault("blocking")?.Outcome.Figures;
        return figures?.GetValueOrDefault($"{server}, {beside}: p99 ms") is { } with && figures.GetValueOrDefault($"{server}, alone: p99 ms") is { } alone
            ? Spread([.. with.Zip(alone, (a, b) => a / b)], "")
            : null;
    }

    private string Link(string ofCase) => string.Create(CultureInfo.InvariantCulture, $"[{results[ofCase].Day:yyyy-MM-dd}]({results[ofCase].Page})");

    private static string Spread(double[] values, string unit)
    {
        var ordered = values.Order().ToArray();
        var median = Number(Report.Median(ordered)) + unit;
        return ordered.Length == 1 ? median : $"{median} ({Number(ordered[0])}–{Number(ordered[^1])})";
    }

    // Three digits that mean something; nobody reads a fourth.
    private static string Number(double value) => value.ToString(Math.Abs(value) switch { >= 100 => "#,##0", >= 10 => "0.0", _ => "0.00" }, CultureInfo.InvariantCulture);
}
