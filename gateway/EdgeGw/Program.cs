using System.Runtime.InteropServices;
using EdgeGw.Cli;
using EdgeGw.Worker;

// The worker and the scout are started by control and must be up in milliseconds: no command line library, no signal handling of the CLI's.
switch (args)
{
    case ["worker", .. var rest]:
        return await WorkerProcess.RunAsync(rest);
    case ["scout", .. var rest]:
        return ScoutProcess.Run(rest);
}

// The first signal asks for an orderly end; a second one is not held back.
using var stop = new CancellationTokenSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
return await CommandLine.InvokeAsync(args, CliHost.ForProcess(), stop.Token);

void Stop(PosixSignalContext signal)
{
    signal.Cancel = !stop.IsCancellationRequested;
    stop.Cancel();
}
