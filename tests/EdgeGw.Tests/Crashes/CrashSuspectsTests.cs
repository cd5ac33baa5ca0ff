using EdgeGw.Control.Crashes;
using static EdgeGw.Tests.Crashes.CrashSamples;

namespace EdgeGw.Tests.Crashes;

/// <summary>Who is blamed for what was seen.</summary>
public sealed class CrashSuspectsTests
{
    [Test]
    public void The_thread_that_died_tells_whose_call_it_was_in()
    {
        var suspects = CrashSuspects.Of(Snapshot((10, 1), (11, 2), (12, 1)).Dying(11));
        Assert.That(CrashSuspects.Blamed(suspects)!.ToString(), Is.EqualTo("bad 2.0.0"));
        Assert.That(suspects.Select(suspect => (suspect.Handler, suspect.Evidence, suspect.Calls)), Is.EqualTo(new[] { ("bad", CrashEvidence.Thread, 1), ("good", CrashEvidence.Call, 2) }));
    }

    [Test]
    public void A_thread_of_a_librarys_own_is_known_by_the_code_on_its_stack()
    {
        var suspects = CrashSuspects.Of(Snapshot((10, 1)).Dying(99, 0x7777, 0x5, 0x3204, 0x1204));
        Assert.That(CrashSuspects.Blamed(suspects)!.ToString(), Is.EqualTo("bad 2.0.0"));
    }

    [Test]
    public void What_is_left_on_the_stack_of_a_gateways_thread_accuses_nobody()
    {
        var suspects = CrashSuspects.Of(Snapshot((10, 1), (99, 0)).Dying(99, 0x7777, 0x3204));
        Assert.That(suspects.Select(suspect => (suspect.Handler, suspect.Evidence)), Is.EqualTo(new[] { ("good", CrashEvidence.Call) }));
    }

    [Test]
    public void Without_a_thread_the_only_one_inside_a_call_is_blamed_and_of_several_nobody()
    {
        Assert.That(CrashSuspects.Blamed(CrashSuspects.Of(Snapshot((10, 2)).Pending(1)))!.Handler, Is.EqualTo("bad"));
        Assert.That(CrashSuspects.Blamed(CrashSuspects.Of(Snapshot((10, 2), (11, 1)))), Is.Null);
        Assert.That(CrashSuspects.Blamed(CrashSuspects.Of(Snapshot().Pending(2)))!.Evidence, Is.EqualTo(CrashEvidence.Request));
        Assert.That(CrashSuspects.Blamed(CrashSuspects.Of(Snapshot())), Is.Null);
    }

    [Test]
    public void The_native_stack_names_the_place_in_the_library() =>
        Assert.That(CrashStack.Frames(Snapshot().Dying(99, 0x3110, 0x5, 0x3204)).Select(frame => frame.ToString()), Is.EqualTo(new[] { "bad 2.0.0 +0x110", "bad 2.0.0 +0x204" }));

    [Test]
    public void The_words_of_a_runtime_that_gives_up_are_found_among_the_log() =>
        Assert.That(
            CrashReporter.ManagedStack("{\"level\":\"Info\"}\nUnhandled exception. System.InvalidOperationException: no\n   at Handler.Run()\n{\"level\":\"Error\"}\n"),
            Is.EqualTo(new[] { "Unhandled exception. System.InvalidOperationException: no", "   at Handler.Run()" }));
}
