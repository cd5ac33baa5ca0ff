using System.IO.Pipelines;
using System.Text;

namespace EdgeGw.Control.Events;

/// <summary>Writes server-sent events (the HTML standard, section 9.2).</summary>
internal static class EventText
{
    /// <summary>A comment: a sign of life.</summary>
    internal static readonly byte[] Heartbeat = ": \n\n"u8.ToArray();

    /// <summary>What a browser waits before it comes back.</summary>
    internal static readonly byte[] Retry = "retry: 2000\n\n"u8.ToArray();

    /// <summary>Writes one event; its data is JSON, which has no line ends of its own.</summary>
    internal static void Write(PipeWriter to, GatewayEvent next)
    {
        var head = next.Id is null ? $"event: {next.Type}\ndata: " : $"id: {next.Id}\nevent: {next.Type}\ndata: ";
        Encoding.UTF8.GetBytes(head, to);
        to.Write(next.Data.AsSpan().TrimEnd((byte)'\n'));
        to.Write("\n\n"u8);
    }

    /// <summary>Puts bytes into a pipe.</summary>
    internal static void Write(this PipeWriter to, ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(to.GetSpan(bytes.Length));
        to.Advance(bytes.Length);
    }
}
