using EdgeGw.Interop;

namespace EdgeGw;

/// <summary>An object, or a range of it, as it arrives. <see cref="Response.Download"/> sends it to the client.</summary>
public sealed class DownloadStream : ReceivedStream
{
    internal DownloadStream(OpenHandle? open, ObjectInfo info, long offset, long length) : base(open)
    {
        Info = info;
        Offset = offset;
        var rest = Math.Max(0, info.Size - offset);
        Length = length == 0 ? rest : Math.Min(length, rest);
    }

    /// <summary>The facts about the whole object.</summary>
    public ObjectInfo Info { get; }

    /// <summary>Where in the object this begins.</summary>
    public long Offset { get; }

    /// <summary>Bytes in all, read ones included.</summary>
    public override long Length { get; }
}
