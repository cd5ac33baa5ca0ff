using System.CommandLine;
using EdgeGw.Load;
using EdgeGw.Load.Readme;

(string Name, string File, Func<Plan, Task<Outcome>> Run)[] all =
[
    ("hello", "load", Cases.HelloAsync),
    ("parameters", "parameters", WorkCases.ParametersAsync),
    ("json", "json", WorkCases.JsonAsync),
    ("upload", "upload", WorkCases.UploadAsync),
    ("download", "download", WorkCases.DownloadAsync),
    ("http2", "http2", WorkCases.Http2Async),
    ("routes", "routes", ScaleCases.RoutesAsync),
    ("handlers", "handlers", ScaleCases.HandlersAsync),
    ("idle", "idle", ScaleCases.IdleAsync),
    ("held", "held", HeldCase.RunAsync),
    ("start", "start", StartCases.StartAsync),
    ("edits", "edits", EditCase.RunAsync),
    ("blocking", "blocking", BlockingCase.RunAsync),
    ("services", "services", Cases.ServicesAsync),
    ("attacks", "attacks", Attacks.ReportAsync),
];
var cases = new Option<string>("--cases") { Description = $"What to measure, separated by commas: {string.Join(", ", all.Select(one => one.Name))}, or all", DefaultValueFactory = _ => "all" };
cases.Validators.Add(result =>
{
    foreach (var name in result.GetValueOrDefault<string>()!.Split(',').Where(name => name != "all" && !all.Any(one => one.Name == name)))
    {
        result.AddError($"There is no case {name}. Use {string.Join(", ", all.Select(one => one.Name))}, or all.");
    }
});
var rounds = new Option<int>("--rounds") { Description = "Rounds of each server, interleaved", DefaultValueFactory = _ => 5 };
var seconds = new Option<int>("--seconds") { Description = "Seconds of load in a round", DefaultValueFactory = _ => 5 };
var connections = new Option<int>("--connections") { Description = "Connections of wrk", DefaultValueFactory = _ => 64 };
var readme = new Option<bool>("--readme") { Description = "Measures nothing: writes the README's figures from the results that are there" };
// This program again, as an attacker of a priority of its own.
var resetStreams = new Option<string>("--reset-streams") { Hidden = true };
var command = new RootCommand("Measures the published gateway beside its peers with the same answers") { cases, rounds, seconds, connections, readme, resetStreams };
command.SetAction(async (parse, _) =>
{
    if (parse.GetValue(resetStreams) is { } victim)
    {
        await Attacks.ResetStreamsAsync(new Uri(victim), parse.GetValue(seconds));
        return 0;
    }
    if (parse.GetValue(readme))
    {
        Console.WriteLine($"written to {ReadmeFigures.Update()}");
        return 0;
    }
    var plan = new Plan(parse.GetValue(rounds), parse.GetValue(seconds), parse.GetValue(connections));
    foreach (var (name, file, run) in all)
    {
        if (parse.GetValue(cases) is var wanted && (wanted == "all" || wanted!.Split(',').Contains(name)))
        {
            Console.Error.WriteLine($"case {name}");
            var outcome = await run(plan);
            Console.WriteLine(outcome.Page);
            Console.WriteLine($"written to {Results.Save(file, plan, outcome)}");
        }
    }
    if (!plan.IsTrial)
    {
        Console.WriteLine($"written to {ReadmeFigures.Update()}");
    }
    return 0;
});
return await command.Parse(args).InvokeAsync();
