using EdgeGw.Control.Systemd;

namespace EdgeGw.Tests.Control;

/// <summary>The variables of socket activation. Descriptors that really are passed: tests/EdgeGw.Systemd.Tests.</summary>
public sealed class PassedSocketsTests
{
    [TestCase(null, null)]
    [TestCase("77", null)]
    [TestCase(null, "1")]
    [TestCase("78", "1")]
    [TestCase("77", "0")]
    [TestCase("77", "many")]
    public void Nothing_is_taken_that_was_not_passed_to_this_process(string? processId, string? count)
    {
        using var passed = PassedSockets.Receive(name => name == "LISTEN_PID" ? processId : name == "LISTEN_FDS" ? count : null, 77);
        Assert.That(passed.Count, Is.Zero);
        Assert.That(passed.Take(System.Net.IPAddress.Loopback, 80), Is.Null);
        Assert.That(() => passed.RequireNoneLeft("--listen"), Throws.Nothing);
    }
}
