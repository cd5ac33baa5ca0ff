using System.Reflection;
using System.Runtime.InteropServices;

namespace EdgeGw.Cli;

/// <summary>What this binary is.</summary>
internal static class ProductVersion
{
    /// <summary>The version of the gateway and of the SDK packages made with it.</summary>
    public static string Number { get; } = typeof(ProductVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0.0.0";

    /// <summary>The platform, as a runtime identifier.</summary>
    public static string Runtime => RuntimeInformation.RuntimeIdentifier;
}
