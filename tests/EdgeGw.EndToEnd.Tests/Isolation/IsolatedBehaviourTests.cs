namespace EdgeGw.EndToEnd.Tests.Isolation;

/// <summary>What crosses to a handler in a worker of its own is what crosses to one in the shared worker.</summary>
[TestFixture]
public sealed class IsolatedHttpTests : HttpTests
{
    protected override string[] DeployOptions { get; } = ["--isolation", "process"];
}

/// <summary>Long bodies in both directions, events, cookies and clients that leave, through two workers.</summary>
[TestFixture]
public sealed class IsolatedStreamingTests : StreamingTests
{
    protected override string[] DeployOptions { get; } = ["--isolation", "process"];
}
