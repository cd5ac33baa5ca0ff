using System.CommandLine;
using EdgeGw.Load;

var cases = new Option<string>("--cases") { Description = "What to measure: hello, services, attacks, or all", DefaultValueFactory = _ => "all" }.AcceptOnlyFromAmong("hello", "services", "attacks", "all");
var rounds = new Option<int>("--rounds") { Description = "Rounds of each server, interleaved", DefaultValueFactory = _ => 5 };
var seconds = new Option<int>("--seconds") { Description = "Seconds of load in a round", DefaultValueFactory = _ => 5 };
var connections = new Option<int>("--connections") { Description = "Connections of wrk", DefaultValueFactory = _ => 64 };
// This program again, as an attacker of a priority of its own.
var resetStreams = new Option<string>("--reset-streams") { Hidden = true };
var command = new RootCommand("Measures the published gateway beside an ASP.NET Core NativeAOT app with the same answers") { cases, rounds, seconds, connections, resetStreams };
command.SetAction(async (parse, _) =>
{
    if (parse.GetValue(resetStreams) is { } victim)
    {
        await Attacks.ResetStreamsAsync(new Uri(victim), parse.GetValue(seconds));
        return 0;
    }
    var plan = new Plan(parse.GetValue(rounds), parse.GetValue(seconds), parse.GetValue(connections));
    foreach (var (name, file, run) in new (string, string, Func<Plan, Task<string>>)[] { ("hello", "load", Cases.HelloAsync), ("services", "services", Cases.ServicesAsync), ("attacks", "attacks", Attacks.ReportAsync) })
    {
        if (parse.GetValue(cases) is var wanted && (wanted == "all" || wanted == name))
        {
            var report = await run(plan);
            Console.WriteLine(report);
            Console.WriteLine($"written to {Report.Save(file, report)}");
        }
    }
    return 0;
});
return await command.Parse(args).InvokeAsync();
