namespace EdgeGw.EndToEnd.Tests.Defences;

/// <summary>slowhttptest, the tool of those who try it in earnest. What it costs the others is measured in bench/Load (Attacks).</summary>
[NonParallelizable]
public sealed class SlowHttpTests() : OneGateway("ok1", "dump", "stream")
{
    private static readonly string[] s_heads = ["-H", "-u", "ok"];
    private static readonly string[] s_bodies = ["-B", "-s", "8192", "-t", "POST", "-u", "dump/x"];
    private static readonly string[] s_readers = ["-X", "-w", "512", "-y", "1024", "-n", "5", "-z", "32", "-u", "stream/bytes/10000000"];

    private static IEnumerable<TestCaseData> Attacks =>
        [new TestCaseData((object)s_heads).SetArgDisplayNames("slow heads"), new TestCaseData((object)s_bodies).SetArgDisplayNames("slow bodies"), new TestCaseData((object)s_readers).SetArgDisplayNames("slow readers")];

    [TestCaseSource(nameof(Attacks))]
    public async Task Others_are_served_while_300_clients_are_slow(string[] attack)
    {
        var slow = AttackAsync(attack, connections: 300, seconds: 4);
        var served = 0;
        while (!slow.IsCompleted)
        {
            Assert.That(await TextAsync("/ok"), Is.EqualTo("{\"version\":1}"));
            served++;
        }
        Assert.That((await slow).Output, Does.Contain("service available"), "slowhttptest found it available");
        Assert.That(served, Is.Positive);
    }

    // The last word of an attack is the path.
    private Task<CommandResult> AttackAsync(string[] attack, int connections, int seconds)
    {
        string[] how = [.. attack[..^1], new Uri(Gateway.Address, attack[^1]).ToString(), "-c", $"{connections}", "-r", $"{connections}", "-l", $"{seconds}", "-i", "1", "-p", "3"];
        return Command.RunAsync("slowhttptest", how);
    }
}
