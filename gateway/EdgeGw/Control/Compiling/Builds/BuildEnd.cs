namespace EdgeGw.Control.Compiling.Builds;

/// <summary>What is done with a build's library before the build has succeeded.</summary>
/// <param name="Phase">What the phase is called.</param>
/// <param name="RunAsync">Gives the deploy's number in the log of deployments, null without one; throws <see cref="Changes.ChangeRefusedException"/> when the library may not be served.</param>
internal sealed record BuildEnd(string Phase, Func<Build, BuildResult, CancellationToken, Task<long?>> RunAsync);
