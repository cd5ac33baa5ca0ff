using EdgeGw.Control.Admin;
using EdgeGw.Control.Changes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace EdgeGw.Tests.Control;

/// <summary>The query of a deploy.</summary>
public sealed class DeploymentQueryTests
{
    [Test]
    public void Everything_can_be_said()
    {
        var options = Parse("?name=h&host=a.b&prefix=/v1/&wait=true&drainMs=0&deadlineMs=5&concurrency=6&maxBodyBytes=7&heapBytes=8&set=k%3Dv&set=k2%3Da%3Db%3D&service=database:main%3Ddatabase:pets");
        using var scope = Assert.EnterMultipleScope();
        Assert.That((options.Name, options.Host, options.Prefix, options.Wait, options.DrainMs), Is.EqualTo(("h", "a.b", "/v1", true, 0)));
        Assert.That(options.Limits, Is.EqualTo(new EdgeGw.Epochs.EpochLimits { DeadlineMs = 5, Concurrency = 6, MaxBodyBytes = 7, HeapBytes = 8 }));
        Assert.That(options.Config, Is.EquivalentTo(new Dictionary<string, string> { ["k"] = "v", ["k2"] = "a=b=" }));
        Assert.That(options.Services, Is.EquivalentTo(new Dictionary<string, string> { ["database:main"] = "database:pets" }));
    }

    [Test]
    public void Every_fault_is_named_at_once() => Assert.That(
        () => Parse("?nam=x&wait=yes&drainMs=-1&concurrency=0&heapBytes=1e9&set=novalue&set==v&set=K%3D1&set=k%3D2&host=a&host=b&service=pets&service=cache:a%3Dcache:b&service=cache:a%3Dcache:c"),
        Throws.InstanceOf<ChangeRefusedException>().With.Property("Status").EqualTo(400).And.Property("Reasons").Count.EqualTo(11));

    private static DeploymentOptions Parse(string query) => DeploymentQuery.Parse(new QueryCollection(QueryHelpers.ParseQuery(query)));
}
