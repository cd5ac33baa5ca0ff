using System.Runtime.InteropServices;
using EdgeGw.Cli;

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
