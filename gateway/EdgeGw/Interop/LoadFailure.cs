namespace EdgeGw.Interop;

/// <summary>A library cannot be used. The message is one sentence for the person who deploys it.</summary>
internal sealed class LoadFailure(string message) : Exception(message);
