using System.Globalization;

namespace EdgeGw.Systemd.Tests;

/// <summary>Three clients in a <see cref="BootedSystem"/>, each with one new connection after the other, until they are told to stop.</summary>
internal sealed class Load(BootedSystem system, string url)
{
    private Task<CommandResult>? _running;
    private Dictionary<string, int> _counts = [];

    /// <summary>Begins, and waits until answers come.</summary>
    public async Task StartAsync()
    {
        await system.RunAsync("rm -rf /run/load; mkdir /run/load");
        _running = system.TryAsync($$"""
            for client in 1 2 3; do
              ( while [ ! -e /run/load/stop ]; do answer=$(curl -s -m 30 -o /dev/null -w '%{http_code}' {{url}}); echo "$? $answer" >>/run/load/$client; done ) &
            done
            wait
            """);
        await ServedAgainAsync();
    }

    /// <summary>Waits until each client has had thirty good answers more.</summary>
    public async Task ServedAgainAsync()
    {
        await system.RunAsync("for client in 1 2 3; do touch /run/load/$client; grep -c '^0 200$' /run/load/$client >/run/load/$client.then; done; true");
        await system.EventuallyAsync("for client in 1 2 3; do [ $(grep -c '^0 200$' /run/load/$client) -gt $(( $(cat /run/load/$client.then) + 30 )) ] || exit 1; done");
    }

    /// <summary>Ends; how often each pair of curl's exit code and the answer's status came.</summary>
    public async Task<IReadOnlyDictionary<string, int>> StopAsync()
    {
        await system.RunAsync("touch /run/load/stop");
        await _running!;
        var lines = await system.RunAsync("cat /run/load/1 /run/load/2 /run/load/3");
        _counts = lines.Split('\n').GroupBy(line => line).ToDictionary(group => group.Key, group => group.Count());
        return _counts;
    }

    /// <inheritdoc/>
    public override string ToString() => string.Join(", ", _counts.Select(count => string.Create(CultureInfo.InvariantCulture, $"'{count.Key}' {count.Value} times")));
}
