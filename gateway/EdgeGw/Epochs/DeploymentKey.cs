using System.IO.Hashing;
using System.Text.Json;

namespace EdgeGw.Epochs;

/// <summary>Names a deployment by all that it says, so that control, the shared worker and the isolated one agree on where its socket is without telling each other.</summary>
internal static class DeploymentKey
{
    /// <summary>Hex digits of a key: few, since it is part of a Unix socket's path.</summary>
    public const int Length = 12;

    /// <summary>The key. What says nothing about how it runs, or only when it is isolated that it is, does not count.</summary>
    public static string Of(EpochHandler handler) =>
        Convert.ToHexStringLower(XxHash128.Hash(JsonSerializer.SerializeToUtf8Bytes(handler with { Scout = null, Isolation = handler.Isolation ?? new() }, EpochJson.Default.EpochHandler)))[..Length];

    /// <summary>Where its isolated worker is reached: a link to the socket of the one in service.</summary>
    public static string SocketOf(string stateDirectory, string key) => Path.Combine(stateDirectory, "run", key + ".iso");
}
