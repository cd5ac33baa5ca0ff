using EdgeGw.Fuzz.Interop;

namespace EdgeGw.Fuzz.Targets;

/// <summary>Parameters of service calls as handlers give them through the ABI: refused, or copied.</summary>
internal static class ValuesTarget
{
    internal static void Run(byte[] input) => _ = NativeInput.Copy(input);
}
