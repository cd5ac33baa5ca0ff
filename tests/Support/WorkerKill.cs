using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Sockets;

namespace EdgeGw.Tests.Support;

/// <summary>What a kill of the worker cost its clients.</summary>
/// <param name="Milliseconds">From the kill until the last of the handlers had answered a request begun after it.</param>
/// <param name="Requests">Requests sent.</param>
/// <param name="Failed">Requests without a good answer.</param>
/// <param name="Refused">Connections refused.</param>
/// <param name="Failures">How they failed.</param>
public sealed record Recovery(double Milliseconds, int Requests, int Failed, int Refused, string Failures);

/// <summary>Kills a worker with ten handlers under a stream of new connections.</summary>
public static class WorkerKill
{
    private const int Handlers = 10;

    /// <summary>Deploys ten copies of a library that answers <c>GET /ok</c> with version 1, kills the worker, and waits until all ten answer again.</summary>
    public static async Task<Recovery> UnderLoadAsync(Gateway gateway, string library, int clients)
    {
        for (var i = 0; i < Handlers; i++)
        {
            await gateway.DeployAsync(await CopyAsync(gateway, library, i), "--name", $"ok{i}", "--prefix", $"/{i}");
        }

        using var done = new CancellationTokenSource();
        var answers = new ConcurrentQueue<Answer>();
        var calls = Enumerable.Range(0, clients).Select(client => Task.Run(() => CallAsync(gateway.Address, client * Handlers / clients, answers, done.Token))).ToArray();
        var worker = await gateway.WorkerPidAsync();
        await Eventually.TrueAsync(() => Task.FromResult(answers.Count > 100), () => "requests flow");
        var killed = Stopwatch.GetTimestamp();
        Gateway.Kill(worker);
        await Eventually.TrueAsync(() => Task.FromResult(FullService(answers, killed) is not null), () => "all ten handlers answer again");
        await done.CancelAsync();
        await Task.WhenAll(calls);

        var failed = answers.Where(answer => answer.Failure is not null).ToList();
        return new Recovery(FullService(answers, killed)!.Value, answers.Count, failed.Count, failed.Count(answer => answer.Refused), string.Join("; ", failed.Select(answer => answer.Failure).Distinct()));
    }

    // A library is known by its bytes: a few more at its end make another one.
    private static async Task<string> CopyAsync(Gateway gateway, string library, int number)
    {
        var copy = Path.Combine(Path.GetDirectoryName(gateway.State)!, $"copy{number}.so");
        await File.WriteAllBytesAsync(copy, [.. await File.ReadAllBytesAsync(library), (byte)number]);
        return copy;
    }

    // Milliseconds from the kill until the last of the ten handlers has answered a request begun after the kill, or null when not all have.
    private static double? FullService(IEnumerable<Answer> answers, long killed)
    {
        var first = answers.Where(answer => answer.Failure is null && answer.Started > killed).GroupBy(answer => answer.Handler).Select(group => group.Min(answer => answer.Ended)).ToList();
        return first.Count == Handlers ? Stopwatch.GetElapsedTime(killed, first.Max()).TotalMilliseconds : null;
    }

    private static async Task CallAsync(Uri address, int first, ConcurrentQueue<Answer> answers, CancellationToken done)
    {
        for (var i = first; !done.IsCancellationRequested; i++)
        {
            var started = Stopwatch.GetTimestamp();
            string? failure = null;
            var refused = false;
            try
            {
                var text = await RawConnection.ExchangeAsync(address, $"GET /{i % Handlers}/ok HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
                failure = text.EndsWith("{\"version\":1}", StringComparison.Ordinal) ? null : $"broken answer '{text}'";
            }
            catch (SocketException exception)
            {
                failure = exception.SocketErrorCode.ToString();
                refused = exception.SocketErrorCode == SocketError.ConnectionRefused;
            }

            answers.Enqueue(new(i % Handlers, started, Stopwatch.GetTimestamp(), failure, refused));
        }
    }

    private sealed record Answer(int Handler, long Started, long Ended, string? Failure, bool Refused);
}
