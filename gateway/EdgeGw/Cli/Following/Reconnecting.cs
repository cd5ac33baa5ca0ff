using System.Runtime.CompilerServices;
using EdgeGw.Cli.Output;

namespace EdgeGw.Cli.Following;

/// <summary>Follows something of a gateway over its restarts, its upgrades and a network that breaks.</summary>
internal static class Reconnecting
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(4);

    /// <summary>
    /// What comes of <paramref name="open"/>, which is called again after each break. The first time it must succeed; after a break it is tried for as long as <paramref name="patience"/>,
    /// and then fails with the reason. A refusal (a token that is worth nothing any more) ends it at once.
    /// </summary>
    public static async IAsyncEnumerable<T> FollowAsync<T>(Func<Action, IAsyncEnumerable<T>> open, CliHost host, TimeSpan patience, [EnumeratorCancellation] CancellationToken cancel)
    {
        var (connected, ever, pause) = (false, false, FirstPause);
        long? lost = null;
        while (true)
        {
            await using var items = open(Opened).GetAsyncEnumerator(cancel);
            while (await NextAsync(items) is { } item)
                yield return item.Value;
            await Task.Delay(pause, host.Time, cancel);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }

        void Opened()
        {
            if (lost is not null)
                host.Error.WriteLine(host.ErrorPaint.Dim("connected again"));
            (connected, ever, lost, pause) = (true, true, null, FirstPause);
        }

        // Null: the connection has ended, and it is worth another try.
        async Task<Item<T>?> NextAsync(IAsyncEnumerator<T> items)
        {
            try
            {
                return await items.MoveNextAsync() ? new(items.Current) : null;
            }
            catch (CliException e) when (e.ExitCode == ExitCode.Unreachable && ever && (lost is null || host.Time.GetElapsedTime(lost.Value) < patience) && patience > TimeSpan.Zero)
            {
                if (connected)
                    host.Error.WriteLine(host.ErrorPaint.Dim($"{Printable.Escape(e.Message)}; trying again"));
                (connected, lost) = (false, lost ?? host.Time.GetTimestamp());
                return null;
            }
        }
    }

    private sealed record Item<T>(T Value);
}
