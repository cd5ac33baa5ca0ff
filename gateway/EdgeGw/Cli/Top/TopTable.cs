using System.Globalization;
using EdgeGw.Cli.Output;

namespace EdgeGw.Cli.Top;

/// <summary>The table of <c>edgegw top</c>.</summary>
internal static class TopTable
{
    // Home, and clear to the end of the screen: without a flash of emptiness.
    private const string Home = "\u001b[H\u001b[J";

    /// <summary>What it can be sorted by, the largest first.</summary>
    public static IReadOnlyDictionary<string, Func<VersionRates, double>> Orders { get; } = new Dictionary<string, Func<VersionRates, double>>
    {
        ["cpu"] = version => version.CpuPercent,
        ["requests"] = version => version.RequestsPerSecond,
        ["heap"] = version => version.HeapBytes ?? 0,
        ["alloc"] = version => version.AllocatedPerSecond ?? 0,
        ["threads"] = version => version.BlockedThreads + version.LostThreads,
    };

    /// <summary>Writes it; a live one over the one before.</summary>
    public static void Write(TopRates rates, string order, bool isLive, CliHost host)
    {
        var (writer, paint) = (host.Out, host.Paint);
        if (isLive)
            writer.Write(Home);
        writer.WriteLine(rates.Worker is { } worker
            ? string.Create(CultureInfo.InvariantCulture,
                $"epoch {rates.Epoch}, worker {worker.Pid}: {worker.RequestsPerSecond:0.#} requests/s, {worker.InFlight} in flight, {Human.Bytes(worker.RssBytes)}, {Human.Count(worker.Threads, "thread")}, {worker.LostThreads} lost")
            : $"epoch {rates.Epoch}, no worker");
        var table = new Table("HANDLER", "VERSION", "STATE", ">REQ/S", ">IN FLIGHT", ">CPU", ">HEAP", ">ALLOC/S", ">GC/S", ">GC PAUSE", ">HELD", ">LOST");
        foreach (var version in rates.Versions.OrderByDescending(Orders[order]).ThenBy(version => version.Handler, StringComparer.Ordinal).ThenBy(version => version.Ordinal))
        {
            table.Add(version.Handler, version.Version, version.State, Number(version.RequestsPerSecond), Number(version.InFlight), Percent(version.CpuPercent),
                Bytes(version.HeapBytes), Bytes(version.AllocatedPerSecond), Number(version.CollectionsPerSecond), Percent(version.GcPausePercent), Number(version.BlockedThreads),
                Number(version.LostThreads + version.LostRequests));
        }
        table.Write(writer, paint);
        if (!isLive)
            writer.WriteLine();
    }

    private static string Number(double? value) => value?.ToString("0.#", CultureInfo.InvariantCulture) ?? "-";

    private static string Percent(double? value) => value is { } percent ? percent.ToString("0.#", CultureInfo.InvariantCulture) + "%" : "-";

    private static string Bytes(double? value) => value is { } bytes ? Human.Bytes(bytes) : "-";
}
