using System.CommandLine;
using EdgeGw.Load;

var cases = new Option<string>("--cases") { Description = "What to ask for: hello, services, or all", DefaultValueFactory = _ => "all" }.AcceptOnlyFromAmong("hello", "services", "all");
var rounds = new Option<int>("--rounds") { Description = "Rounds of each server, interleaved", DefaultValueFactory = _ => 5 };
var seconds = new Option<int>("--seconds") { Description = "Seconds of load in a round", DefaultValueFactory = _ => 5 };
var connections = new Option<int>("--connections") { Description = "Connections of wrk", DefaultValueFactory = _ => 64 };
var command = new RootCommand("Measures the published gateway beside an ASP.NET Core NativeAOT app with the same answers") { cases, rounds, seconds, connections };
command.SetAction(async (parse, _) =>
{
    var plan = new Plan(parse.GetValue(rounds), parse.GetValue(seconds), parse.GetValue(connections));
    foreach (var (name, file, run) in new (string, string, Func<Plan, Task<string>>)[] { ("hello", "load", Cases.HelloAsync), ("services", "services", Cases.ServicesAsync) })
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
