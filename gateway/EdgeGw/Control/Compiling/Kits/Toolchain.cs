namespace EdgeGw.Control.Compiling.Kits;

/// <summary>What compiling needs and this machine has.</summary>
/// <param name="DotNet">The <c>dotnet</c> program, links resolved.</param>
/// <param name="Sdk">The SDK's version.</param>
/// <param name="Packages">The EdgeGw packages, unpacked.</param>
/// <param name="Fallback">The folder where the gateway's user has packages already; null when there is none.</param>
/// <param name="NuGetConfig">The nuget.config to use; null for NuGet's own default.</param>
internal sealed record Toolchain(string DotNet, string Sdk, HandlerPackages Packages, string? Fallback, string? NuGetConfig)
{
    /// <summary>The folder with the runtime, the SDK and the compiler.</summary>
    internal string DotNetFolder => Path.GetDirectoryName(DotNet)!;
}

/// <summary>Why this machine cannot compile: one sentence that says what to do.</summary>
internal sealed class ToolchainMissingException(string sentence) : Exception(sentence);
