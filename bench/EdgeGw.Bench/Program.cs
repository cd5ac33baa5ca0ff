using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using EdgeGw.Bench.Baseline;

// Steps that are compared with a run that was kept; or anything else with BenchmarkDotNet's own command line, in this process and short.
if (args is ["steps", .. var options])
{
    return StepsCommand.Create().Parse(options).Invoke();
}
var config = DefaultConfig.Instance
    .AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance))
    .AddDiagnoser(MemoryDiagnoser.Default);
BenchmarkSwitcher.FromAssembly(typeof(EdgeGw.Bench.LeaseBench).Assembly).Run(args, config);
return 0;
