namespace EdgeGw.Control.Compiling;

/// <summary>Whether this gateway can compile.</summary>
/// <param name="Enabled">Whether it is switched on.</param>
/// <param name="Available">Whether it would work now.</param>
/// <param name="Reason">Why not, in one sentence; null when it would.</param>
/// <param name="Sdk">The .NET SDK's version.</param>
/// <param name="Isolation">What compilers are not isolated from, in one sentence; null when from nothing.</param>
internal sealed record CompilerStatus(bool Enabled, bool Available, string? Reason, string? Sdk, string? Isolation);
