using EdgeGw.Bench.Baseline;
using EdgeGw.Load;
using EdgeGw.Load.Readme;
using EdgeGw.Tests.Support;

namespace EdgeGw.Tidy.Tests;

/// <summary>The README's figures are those that were measured.</summary>
public sealed class FiguresTests
{
    private const string Readme = "Before.\n<!-- figures: begin. Written from bench/results by `./build.sh bench`, or alone by `dotnet run -c Release --project bench/Load -- --readme` -->\nold\n<!-- figures: end -->\nAfter.\n";

    [Test]
    public void The_figures_of_the_README_are_those_of_the_newest_results()
    {
        var readme = File.ReadAllText(ReadmeFigures.File);
        Assert.That(readme, Is.EqualTo(ReadmeFigures.Newest(readme)), "write them anew: dotnet run -c Release --project bench/Load -- --readme");
    }

    [Test]
    public void A_figure_is_the_median_and_its_ratio_is_that_within_each_round()
    {
        // The machine was twice as slow in the second round: no ratio shows it.
        var outcome = new Outcome("", [Server("edgegw", 10, 20, 12), Server("ASP.NET Core AOT", 20, 40, 20)], Figures(("rollback in effect, ms", [5, 3, 4])));
        var steps = new StepBaseline([new("aot", new(2026, 11, 20), "", [new("StepBench.Call_with_lease_and_blame_slot", 12.34, 0, 0)])]);
        var written = ReadmeFigures.Replaced(Readme, Cases(new SavedResult("load", new(2026, 11, 24), outcome)), steps);
        using var scope = Assert.EnterMultipleScope();
        Assert.That(written, Does.StartWith("Before.\n<!-- figures: begin"));
        Assert.That(written, Does.EndWith("\n<!-- figures: end -->\nAfter.\n"));
        Assert.That(written, Does.Not.Contain("old"));
        Assert.That(written, Does.Contain("| `GET /hello`, three fields of JSON | 12.0 µs; 0.50 (0.50–0.60) | 120; 0.50 (0.50–0.60) | 6.00 ms; 0.50 (0.50–0.60) | [2026-11-24](bench/results/2026-11-24-load.md) |\n"));
        Assert.That(written, Does.Contain("| rollback in effect | 4.00 ms (3.00–5.00) |  | [2026-11-24](bench/results/2026-11-24-load.md) |\n"));
        Assert.That(written, Does.Contain("| a call through the ABI and back, with lease and blame slot | 12.3 ns, 0 bytes allocated |  | [2026-11-20](bench/results/steps.json) |\n"));
        Assert.That(written, Does.Not.Contain("Redis"), "a row without a result");
    }

    [Test]
    public void The_newest_result_of_a_case_counts_and_is_read_as_it_was_written()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.Root);
        foreach (var (day, value) in new[] { ("2026-11-24", 2), ("2026-09-30", 1) })
        {
            File.WriteAllText(folder[$"{day}-edits.json"], $$"""{ "page": "", "measured": [], "figures": { "edit to live": [{{value}}] } }""");
        }
        File.WriteAllText(folder["steps.json"], "another kind of file");
        var newest = SavedResult.Newest(folder.Root);
        Assert.That(newest.Keys, Is.EqualTo(new[] { "edits" }));
        Assert.That(newest["edits"].Outcome.Figures["edit to live"], Is.EqualTo(new[] { 2.0 }));
        Assert.That(newest["edits"].Page, Is.EqualTo("bench/results/2026-11-24-edits.md"));
    }

    [Test]
    public void A_README_without_its_marks_is_refused() =>
        Assert.That(() => ReadmeFigures.Replaced("no marks", Cases(), new StepBaseline([])), Throws.InvalidOperationException.With.Message.Contains("<!-- figures: end -->"));

    private static Measured Server(string name, params double[] rounds) =>
        new(name, 1, 1, [.. rounds.Select(value => new Round(new Saturation(1, value * 10, 1, 1), value, 0, new Latencies(1, 1, value / 2, 1), null))]);

    private static Dictionary<string, double[]> Figures(params (string Name, double[] Values)[] figures) => figures.ToDictionary(figure => figure.Name, figure => figure.Values);

    private static Dictionary<string, SavedResult> Cases(params SavedResult[] results) => results.ToDictionary(result => result.Case);
}
