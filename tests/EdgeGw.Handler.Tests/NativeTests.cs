using System.Globalization;
using EdgeGw.Tests.Support;

namespace EdgeGw.Tests;

/// <summary>A published library under a gateway in C that has one thread and answers late whatever may be answered late.</summary>
public class NativeTests
{
    private const int Rounds = 40;

    private static readonly string Folder = Repository.Path("artifacts/tests/waiting");
    private static readonly string Host = Path.Combine(Folder, "host");
    private static readonly string Library = Path.Combine(Folder, "WaitingLibrary.so");

    [OneTimeSetUp]
    public async Task Publish()
    {
        Assume.That(OperatingSystem.IsLinux(), "The host counts threads in /proc.");
        Directory.CreateDirectory(Folder);
        await RunAsync("dotnet", "publish", Repository.Path("tests/EdgeGw.Handler.Tests/WaitingLibrary"), "-c", "Release", "-o", Folder);
        await RunAsync("gcc", "-std=c11", "-Wall", "-Wextra", "-Werror", "-O1", "-I", Repository.Path("native-abi/include"),
            "-o", Host, Repository.Path("tests/EdgeGw.Handler.Tests/Native/host.c"), "-ldl");
    }

    [Test]
    public async Task Waiting_for_the_gateway_wakes_no_thread_pool()
    {
        var (figures, threads) = await MeasureAsync(Rounds, Library);
        Assert.That(figures["unfinished"], Is.Zero);
        Assert.That(figures["failed"], Is.Zero);
        Assert.That(figures["cancelled"], Is.EqualTo(Rounds));
        Assert.That(figures["succeeded"], Is.EqualTo(14 * Rounds));
        Assert.That(threads.Where(t => t.Contains("TP", StringComparison.Ordinal)), Is.Empty);
        Assert.That(figures["newThreads"], Is.EqualTo(1), "The finalizer's thread, and no other.");
    }

    [Test]
    public async Task Each_of_many_libraries_costs_one_thread_and_at_most_2_MiB()
    {
        const int Count = 20;
        using var folder = new TemporaryFolder();
        var copies = Enumerable.Range(0, Count).Select(i => folder[$"{i}.so"]).ToArray();
        foreach (var copy in copies)
            File.Copy(Library, copy); // one file is loaded once
        var (figures, _) = await MeasureAsync(1, copies);
        Assert.That(figures["newThreads"], Is.EqualTo(Count));
        Assert.That(figures["succeeded"], Is.EqualTo(14 * Count));
        await TestContext.Out.WriteLineAsync($"{figures["newKiB"] / Count} KiB each, after one request per route");
        Assert.That(figures["newKiB"] / Count, Is.LessThan(4096), "A megabyte of it is the response of /large.");
    }

    private static async Task<(Dictionary<string, long> Figures, List<string> Threads)> MeasureAsync(int rounds, params string[] libraries)
    {
        var output = await RunAsync(Host, [rounds.ToString(CultureInfo.InvariantCulture), .. libraries]);
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split('=', 2)).ToList();
        return (lines.Where(l => l[0] != "thread").ToDictionary(l => l[0], l => long.Parse(l[1], CultureInfo.InvariantCulture)),
            [.. lines.Where(l => l[0] == "thread").Select(l => l[1])]);
    }

    private static async Task<string> RunAsync(string program, params string[] arguments)
    {
        var result = await Command.RunAsync(program, arguments, timeout: TimeSpan.FromMinutes(5));
        Assert.That(result.ExitCode, Is.Zero, result.ToString());
        return result.Output;
    }
}
