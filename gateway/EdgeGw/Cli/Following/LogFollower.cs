using System.Runtime.CompilerServices;
using EdgeGw.Cli.Admin;

namespace EdgeGw.Cli.Following;

/// <summary>The log as it is written, over restarts of the gateway: after a break the lines that were missed are fetched, and none comes twice.</summary>
internal static class LogFollower
{
    // As many as may have been missed; the gateway keeps Log:Keep.
    private const int MostMissed = 1_000;

    /// <summary>The newest <paramref name="tail"/> lines and those to come.</summary>
    public static async IAsyncEnumerable<string> FollowAsync(AdminClient client, int tail, string? handler, CliHost host, TimeSpan patience, [EnumeratorCancellation] CancellationToken cancel)
    {
        var shown = new Queue<string>();
        var again = new HashSet<string>(); // what a new connection will tell once more
        await foreach (var line in Reconnecting.FollowAsync(Open, host, patience, cancel))
        {
            if (again.Remove(line))
                continue;
            shown.Enqueue(line);
            if (shown.Count > MostMissed)
                shown.Dequeue();
            yield return line;
        }

        IAsyncEnumerable<string> Open(Action opened)
        {
            again = [.. shown];
            return client.GetLogsAsync(shown.Count == 0 ? tail : MostMissed, follow: true, handler, opened, cancel);
        }
    }
}
