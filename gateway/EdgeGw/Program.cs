using System.Runtime.InteropServices;
using EdgeGw.Cli;
using EdgeGw.Interop;
using EdgeGw.Scouting;
using EdgeGw.Worker;

// A worker's start is on the way of a request, so it passes by the command line's parser. Control takes its signals itself: the first one drains, the second hurries.
return args switch
{
    ["worker", .. var rest] => ProcessEnd.Now(await WorkerProcess.RunAsync(rest)),
    ["scout", .. var rest] => ProcessEnd.Now(ScoutProcess.Run(rest)),
    ["run", ..] => await CommandLine.InvokeAsync(args, CliHost.ForProcess(), CancellationToken.None),
    _ => await RunUntilInterruptedAsync(args),
};

static async Task<int> RunUntilInterruptedAsync(string[] arguments)
{
    using var stop = new CancellationTokenSource();
    using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
    using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
    return await CommandLine.InvokeAsync(arguments, CliHost.ForProcess(), stop.Token);

    // The first signal asks for an orderly end; a second one is not held back.
    void Stop(PosixSignalContext signal)
    {
        signal.Cancel = !stop.IsCancellationRequested;
        stop.Cancel();
    }
}
