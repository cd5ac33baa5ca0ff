using System.CommandLine;
using EdgeGw.Load;

var rounds = new Option<int>("--rounds") { Description = "Rounds of each server, interleaved", DefaultValueFactory = _ => 5 };
var seconds = new Option<int>("--seconds") { Description = "Seconds of load in a round", DefaultValueFactory = _ => 5 };
var connections = new Option<int>("--connections") { Description = "Connections of wrk", DefaultValueFactory = _ => 64 };
var command = new RootCommand("Measures the published gateway beside an ASP.NET Core NativeAOT app with the same answer") { rounds, seconds, connections };
command.SetAction(async (parse, _) =>
{
    var plan = new Plan(parse.GetValue(rounds), parse.GetValue(seconds), parse.GetValue(connections));
    await using var gateway = await GatewayServer.StartAsync();
    await using var baseline = await BaselineServer.StartAsync();
    IServer[] servers = [gateway, baseline];
    await SameAnswer.CheckAsync(servers);
    var measured = await Measurement.RunAsync(servers, plan);
    var report = Report.Write(measured, plan, await SameAnswer.HeadersAsync(servers)) + await Resilience.ReportAsync();
    Console.WriteLine(report);
    var path = Report.Save(report);
    Console.WriteLine($"written to {path}");
    return 0;
});
return await command.Parse(args).InvokeAsync();
