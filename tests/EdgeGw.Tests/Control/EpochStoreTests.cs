using EdgeGw.Control;
using EdgeGw.Control.Epochs;

namespace EdgeGw.Tests.Control;

/// <summary>The epochs folder survives faults and crashes at every step.</summary>
public sealed class EpochStoreTests
{
    [Test]
    public void An_epoch_is_read_back_as_it_was_written()
    {
        using var folder = new TestFolder();
        var written = EpochSamples.Open(folder).Deploy("a", 1);
        var read = EpochSamples.Open(folder).Current!;
        using var scope = Assert.EnterMultipleScope();
        Assert.That(read.Number, Is.EqualTo(1));
        Assert.That(read.Created, Is.EqualTo(written.Created));
        Assert.That(read.Handlers[0].Manifest.Routes[0].Pattern, Is.EqualTo("/a"));
        Assert.That(File.GetUnixFileMode(folder["0000000001.json"]), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
    }

    [Test]
    public void A_fault_at_any_step_leaves_the_epoch_before_and_the_next_write_works([Range(0, 2)] int step)
    {
        using var folder = new TestFolder();
        EpochSamples.Open(folder).Deploy("a", 1);
        var store = EpochSamples.Open(folder, new FaultyFiles(step, crash: false));

        Assert.That(() => store.Deploy("a", 2), Throws.InstanceOf<IOException>());

        Assert.That(store.Current.Content(), Is.EqualTo("a1"));
        Assert.That(EpochSamples.Open(folder).Current.Content(), Is.EqualTo("a1"));
        store.Deploy("a", 3);
        Assert.That(EpochSamples.Open(folder).Current.Content(), Is.EqualTo("a3"));
    }

    [Test]
    public void A_crash_at_any_step_leaves_the_epoch_before_or_the_new_one_and_nothing_else([Range(0, 3)] int step)
    {
        using var folder = new TestFolder();
        EpochSamples.Open(folder).Deploy("a", 1);
        var files = new FaultyFiles(step, crash: true);
        var store = EpochSamples.Open(folder, files);
        try
        {
            store.Deploy("a", 2);
        }
        catch (IOException)
        {
            // the power went off
        }

        var after = EpochSamples.Open(folder);
        using var scope = Assert.EnterMultipleScope();
        Assert.That(after.Current.Content(), Is.EqualTo(step < 2 ? "a1" : "a2"), "the rename decides");
        Assert.That(Directory.GetFiles(folder.Root), Has.All.EndsWith(".json"), "no leftovers");
        Assert.That(files.Steps, Is.GreaterThan(0));
    }

    [TestCase("{ \"number\": 2")]
    [TestCase("")]
    [TestCase("null")]
    [TestCase("{\"number\":7,\"created\":\"2026-01-01T00:00:00Z\",\"action\":\"deploy\",\"reason\":\"x\"}")]
    [TestCase("{\"number\":2,\"created\":\"2026-01-01T00:00:00Z\",\"action\":\"deploy\",\"reason\":\"x\",\"handlers\":[{\"name\":\"a\",\"version\":\"1\",\"sha256\":\"../../etc\",\"file\":\"a.so\",\"manifest\":{\"name\":\"a\",\"routes\":[]}}]}")]
    public void A_damaged_newest_file_is_reported_set_aside_and_the_one_before_is_used(string damage)
    {
        using var folder = new TestFolder();
        EpochSamples.Open(folder).Deploy("a", 1);
        File.WriteAllText(folder["0000000002.json"], damage);
        var reports = new List<string>();

        var store = EpochSamples.Open(folder, report: reports.Add);

        using var scope = Assert.EnterMultipleScope();
        Assert.That(store.Current.Content(), Is.EqualTo("a1"));
        Assert.That(reports, Has.Count.EqualTo(1).And.One.Contains("0000000002.json"));
        Assert.That(store.NextNumber, Is.EqualTo(3), "a number is never used twice");
        Assert.That(EpochSamples.Open(folder).NextNumber, Is.EqualTo(3), "nor after another start, which has nothing more to report");
    }

    [Test]
    public void Files_that_are_all_damaged_are_no_empty_state()
    {
        using var folder = new TestFolder();
        File.WriteAllText(folder["0000000004.json"], "{");
        Assert.That(() => EpochSamples.Open(folder), Throws.InstanceOf<ControlStartException>().With.Message.Contains("0000000004.json"));
    }

    [Test]
    public void A_file_of_a_newer_format_is_not_taken_for_damage()
    {
        using var folder = new TestFolder();
        EpochSamples.Open(folder).Deploy("a", 1);
        File.WriteAllText(folder["0000000002.json"], "{\"format\":2,\"number\":2,\"created\":\"2026-01-01T00:00:00Z\",\"action\":\"deploy\",\"reason\":\"x\"}");
        Assert.That(() => EpochSamples.Open(folder), Throws.InstanceOf<ControlStartException>().With.Message.Contains("format 2"));
    }

    [Test]
    public void A_candidate_never_becomes_the_desired_state_by_itself()
    {
        using var folder = new TestFolder();
        var store = EpochSamples.Open(folder);
        store.Deploy("a", 1);
        var path = store.Prepare(EpochHistory.Deploy(store, EpochSamples.Handler("a", 2), EpochSamples.Now));
        Assert.That(File.Exists(path));

        Assert.That(EpochSamples.Open(folder).Current.Content(), Is.EqualTo("a1"));
        Assert.That(File.Exists(path), Is.False, "it is removed");
    }

    [Test]
    public void Pruning_keeps_the_newest_and_numbers_go_on()
    {
        using var folder = new TestFolder();
        var store = EpochSamples.Open(folder);
        for (var i = 1; i <= 7; i++)
        {
            store.Deploy("a", i);
        }

        store.Prune(3);

        using var scope = Assert.EnterMultipleScope();
        Assert.That(store.History.Select(epoch => epoch.Number), Is.EqualTo((long[])[5, 6, 7]));
        Assert.That(EpochSamples.Open(folder).History.Select(epoch => epoch.Number), Is.EqualTo((long[])[5, 6, 7]));
        Assert.That(store.NextNumber, Is.EqualTo(8));
        store.Prune(0);
        Assert.That(store.Current.Content(), Is.EqualTo("a7"), "the desired one always stays");
    }
}
