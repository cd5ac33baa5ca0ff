using EdgeGw.Bench.Baseline;
using EdgeGw.Tests.Support;

namespace EdgeGw.Tidy.Tests;

/// <summary>What <c>./build.sh bench-steps</c> says about a run.</summary>
public sealed class StepComparisonTests
{
    [TestCase(100, 1, 115, 1, true, Description = "15 % and ten standard errors")]
    [TestCase(100, 1, 85, 1, true, Description = "faster moves too")]
    [TestCase(100, 1, 109, 1, false, Description = "less than a tenth")]
    [TestCase(100, 5, 115, 5, false, Description = "two standard errors")]
    public void A_step_has_moved_when_its_time_differs_by_more_than_the_noise_and_a_tenth(double before, double errorBefore, double now, double errorNow, bool moved) =>
        Assert.That(StepComparison.Moved(Run(new StepFigure("Step", before, errorBefore, 0)), Run(new StepFigure("Step", now, errorNow, 0)), isWhole: true), Has.Count.EqualTo(moved ? 1 : 0));

    [Test]
    public void A_moved_step_is_told_with_its_ratio() =>
        Assert.That(StepComparison.Moved(Run(new StepFigure("Step", 100, 1, 0)), Run(new StepFigure("Step", 150, 1, 0)), isWhole: true), Is.EqualTo(new[] { "Step: 150.0 ns, 1.50 of the 100.0 ns before" }));

    [Test]
    public void An_allocation_is_compared_by_the_byte() =>
        Assert.That(StepComparison.Moved(Run(new StepFigure("Step", 100, 1, 0)), Run(new StepFigure("Step", 100, 1, 1)), isWhole: true), Is.EqualTo(new[] { "Step: allocates 1 B, 0 B before" }));

    [Test]
    public void A_step_that_is_missing_is_gone_only_when_all_were_run()
    {
        var (before, now) = (Run(new StepFigure("Old", 1, 0, 0)), Run(new StepFigure("New", 2, 0, 24)));
        using var scope = Assert.EnterMultipleScope();
        Assert.That(StepComparison.Moved(before, now, isWhole: true), Is.EqualTo(new[] { "New: new, 2.0 ns, 24 B", "Old: gone" }));
        Assert.That(StepComparison.Moved(before, now, isWhole: false), Is.EqualTo(new[] { "New: new, 2.0 ns, 24 B" }));
    }

    [Test]
    public void A_kept_run_replaces_the_one_of_its_runtime_and_comes_back_from_the_file()
    {
        using var folder = new TemporaryFolder();
        var file = folder["steps.json"];
        StepBaseline.Read(file).With([Run(new StepFigure("Step", 1, 0, 0)), Run(new StepFigure("Step", 5, 0, 0)) with { Runtime = "aot" }]).Write(file);
        StepBaseline.Read(file).With([Run(new StepFigure("Step", 2.5, 0.125, 24))]).Write(file);
        var kept = StepBaseline.Read(file);
        using var scope = Assert.EnterMultipleScope();
        Assert.That(kept.Runs, Has.Count.EqualTo(2));
        Assert.That(kept.Of("aot")!.Steps, Is.EqualTo(new[] { new StepFigure("Step", 5, 0, 0) }));
        Assert.That(kept.Of("jit")!.Steps, Is.EqualTo(new[] { new StepFigure("Step", 2.5, 0.125, 24) }));
        Assert.That(kept.Of("jit")!.Day, Is.EqualTo(new DateOnly(2026, 11, 24)));
    }

    private static StepRun Run(params StepFigure[] steps) => new("jit", new DateOnly(2026, 11, 24), "a machine", steps);
}
