using System.CommandLine;
using System.Globalization;
using System.Runtime.InteropServices;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Environments;
using BenchmarkDotNet.Exporters.Json;
using BenchmarkDotNet.Filters;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using BenchmarkDotNet.Toolchains.NativeAot;
using EdgeGw.Tests.Support;
using Perfolizer.Horology;

namespace EdgeGw.Bench.Baseline;

/// <summary>Runs the steps of a request, compiled as they run and ahead of time, and says what has moved since the run that is kept in the repository.</summary>
internal static class StepsCommand
{
    private const string Jit = "jit";
    private const string Aot = "aot";

    // Without a server of any kind: what they take is the gateway's own.
    private static readonly Type[] s_steps = [typeof(StepBench), typeof(DecodeBench), typeof(MatchBench), typeof(LeaseBench), typeof(BlameBench), typeof(EncodeBench), typeof(PipelineBench)];

    // The gateway and BenchmarkDotNet as one program: minutes, on a machine that has other work.
    private static readonly TimeSpan s_buildTimeout = TimeSpan.FromMinutes(15);

    private static string BaselineFile => Repository.Path("bench/results/steps.json");

    /// <summary>The command line.</summary>
    public static RootCommand Create()
    {
        var runtimes = new Option<string>("--runtimes") { Description = $"How the code is compiled: {Jit}, {Aot}, or both", DefaultValueFactory = _ => $"{Jit},{Aot}" };
        runtimes.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string>()!.Split(',').Except([Jit, Aot]).FirstOrDefault() is { } unknown)
            {
                result.AddError($"There is no runtime '{unknown}'. Use {Jit}, {Aot}, or {Jit},{Aot}.");
            }
        });
        var filter = new Option<string>("--filter") { Description = "Which steps, as '*Match*'", DefaultValueFactory = _ => "*" };
        var save = new Option<bool>("--save") { Description = "Keeps this run as what later ones are compared with" };
        var command = new RootCommand("Runs the steps of a request and compares them with bench/results/steps.json") { runtimes, filter, save };
        command.SetAction(parse => Run(parse.GetValue(runtimes)!.Split(','), parse.GetValue(filter)!, parse.GetValue(save)));
        return command;
    }

    private static int Run(string[] runtimes, string filter, bool save)
    {
        if (save && filter != "*")
        {
            Console.Error.WriteLine("--save keeps whole runs: leave --filter out.");
            return 1;
        }
        // What else the machine does, before this does anything.
        var machine = Machine();
        var reports = BenchmarkRunner.Run(s_steps, Config(runtimes, filter)).SelectMany(summary => summary.Reports).ToList();
        var failed = reports.Where(report => !report.Success || report.ResultStatistics is null).Select(report => report.BenchmarkCase.DisplayInfo).ToList();
        if (reports.Count == 0 || failed.Count > 0)
        {
            Console.Error.WriteLine(reports.Count == 0 ? "Nothing was measured; the lines above say why." : $"Not measured, the lines above say why: {string.Join("; ", failed)}");
            return 1;
        }
        var day = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().DateTime);
        StepRun[] runs = [.. reports.GroupBy(report => report.BenchmarkCase.Job.Id).Select(ofRuntime => new StepRun(ofRuntime.Key, day, machine, [.. ofRuntime.Select(Figure)]))];
        var baseline = StepBaseline.Read(BaselineFile);
        foreach (var run in runs)
        {
            Print(baseline.Of(run.Runtime), run, filter == "*");
        }
        if (save)
        {
            baseline.With(runs).Write(BaselineFile);
            Console.WriteLine($"kept in {Path.GetRelativePath(Repository.Root, BaselineFile)}");
        }
        return 0;
    }

    private static void Print(StepRun? before, StepRun run, bool isWhole)
    {
        if (before is null)
        {
            Console.WriteLine($"{run.Runtime}: there is no earlier run to compare with.");
            return;
        }
        var moved = StepComparison.Moved(before, run, isWhole);
        Console.WriteLine($"{run.Runtime}, compared with {before.Day:yyyy-MM-dd} ({before.Machine}): {(moved.Count == 0 ? "nothing has moved" : "moved")}, of {run.Steps.Count} steps");
        foreach (var line in moved)
        {
            Console.WriteLine($"  {line}");
        }
    }

    private static ManualConfig Config(string[] runtimes, string filter)
    {
        // Many short iterations: their spread says how much a mean is worth.
        var job = Job.Default.WithWarmupCount(6).WithIterationCount(12).WithIterationTime(TimeInterval.FromMilliseconds(100));
        var config = DefaultConfig.Instance.AddDiagnoser(MemoryDiagnoser.Default).AddExporter(JsonExporter.Brief).AddFilter(new GlobFilter([filter]))
            .WithArtifactsPath(Repository.Path("artifacts/bench/steps")).WithBuildTimeout(s_buildTimeout);
        if (runtimes.Contains(Jit))
        {
            config = config.AddJob(job.WithToolchain(InProcessEmitToolchain.Instance).WithId(Jit));
        }
        if (runtimes.Contains(Aot))
        {
            // For the instructions that the published gateway is compiled for: none but those that every such processor has.
            var toolchain = NativeAotToolchain.CreateBuilder().UseNuGet().IlcInstructionSet("").DisplayName(Aot).TargetFrameworkMoniker("net10.0").ToToolchain();
            config = config.AddJob(job.WithRuntime(NativeAotRuntime.Net10_0).WithToolchain(toolchain).WithId(Aot));
        }
        return config;
    }

    private static StepFigure Figure(BenchmarkReport report)
    {
        var (step, statistics) = (report.BenchmarkCase, report.ResultStatistics!);
        var name = $"{step.Descriptor.Type.Name}.{step.Descriptor.WorkloadMethod.Name}{(step.HasParameters ? $"({step.Parameters.PrintInfo})" : "")}";
        return new(name, Math.Round(statistics.Mean, 2), Math.Round(statistics.StandardError, 3), report.GcStats.GetBytesAllocatedPerOperation(step) ?? 0);
    }

    private static string Machine() => string.Create(
        CultureInfo.InvariantCulture, $"{Environment.ProcessorCount} cores (load average {File.ReadAllText("/proc/loadavg").Split(' ')[0]}), {RuntimeInformation.OSDescription}, {RuntimeInformation.OSArchitecture}, {RuntimeInformation.FrameworkDescription}");
}
