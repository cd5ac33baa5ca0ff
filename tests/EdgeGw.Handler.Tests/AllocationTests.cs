using EdgeGw.Tests.Interop;

namespace EdgeGw.Tests;

public class AllocationTests
{
    private static readonly int Hello = IndexOf("/hello/{name}");
    private static readonly int Nothing = IndexOf("/nothing");
    private static readonly int Kept = IndexOf("/kept");

    [Test]
    public void A_synchronous_answer_costs_no_allocation_of_the_sdk()
    {
        var host = new BareHost(typeof(Handlers), "GET", "world");
        Assert.That(host.BytesPerCall((uint)Nothing), Is.Zero);
        Assert.That(host.BytesPerCall((uint)Kept), Is.Zero, "Text and a header of the handler's own are written from where they are.");
        // The handler's own: an Item (16 bytes of header, an int, a reference) and the string of the parameter (22 bytes and five characters).
        Assert.That(host.BytesPerCall((uint)Hello), Is.EqualTo(32 + 32));
    }

    [TestCase("/free/cache")]
    [TestCase("/free/execute")]
    [TestCase("/free/query-one")]
    public void A_call_of_a_service_that_needs_no_memory_allocates_none(string pattern)
        => Assert.That(new BareHost(typeof(Handlers), "GET", "x").BytesPerCall((uint)IndexOf(pattern), Abi.AbiResult.Pending), Is.Zero);

    private static int IndexOf(string pattern) => FakeGateway.For(typeof(Handlers)).Manifest.Routes.ToList().FindIndex(r => r.Pattern == pattern);
}
