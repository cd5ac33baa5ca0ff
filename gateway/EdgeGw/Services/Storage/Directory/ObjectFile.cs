using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using EdgeGw.Abi;
using Microsoft.Win32.SafeHandles;

namespace EdgeGw.Services.Storage.Directory;

/// <summary>An object's file: a head with its type, its metadata and its ETag, then its content. One file, so that one rename replaces all of it at once:
/// "EDGEGWO1", the head's length (4 bytes, little-endian), the ETag (16 bytes), the content type, the number of metadata, their names and texts; each text after its length in 2 bytes.</summary>
internal static class ObjectFile
{
    /// <summary>Where the ETag is written when the content is known.</summary>
    public const int EtagOffset = 12;

    /// <summary>Bytes of the ETag.</summary>
    public const int EtagBytes = 16;

    private const int FirstText = EtagOffset + EtagBytes;
    private const int MostBytes = 2 << 20;
    private const int UsualBytes = 1024;

    private static ReadOnlySpan<byte> Magic => "EDGEGWO1"u8;

    /// <summary>The head of an object whose ETag is not known yet.</summary>
    public static byte[] Head(ObjectHeader header)
    {
        var head = new ArrayBufferWriter<byte>(UsualBytes);
        head.Write(Magic);
        head.Write(stackalloc byte[FirstText - Magic.Length]);
        Write(head, header.ContentType);
        BinaryPrimitives.WriteUInt16LittleEndian(head.GetSpan(2), (ushort)header.Metadata.Count);
        head.Advance(2);
        foreach (var (name, value) in header.Metadata)
        {
            Write(head, name);
            Write(head, value);
        }
        var bytes = head.WrittenSpan.ToArray();
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(Magic.Length), (uint)bytes.Length);
        return bytes;
    }

    /// <summary>Reads an object's facts, and where its content begins. Throws <see cref="ServiceException"/> when the file is no object.</summary>
    public static (ObjectFacts Facts, int Content) Read(SafeFileHandle file, string key)
    {
        var first = ArrayPool<byte>.Shared.Rent(UsualBytes);
        byte[]? whole = null;
        try
        {
            var read = RandomAccess.Read(file, first.AsSpan(0, UsualBytes), 0);
            var head = new ReadOnlySpan<byte>(first, 0, read);
            if (!head.StartsWith(Magic) || head.Length < FirstText || BinaryPrimitives.ReadUInt32LittleEndian(head[Magic.Length..]) is var length && length is < FirstText or > MostBytes)
            {
                throw Broken(key);
            }
            if (length > read)
            {
                whole = ArrayPool<byte>.Shared.Rent((int)length);
                head = new ReadOnlySpan<byte>(whole, 0, RandomAccess.Read(file, whole.AsSpan(0, (int)length), 0));
            }
            var rest = head.Length < length ? throw Broken(key) : head[FirstText..(int)length];
            var type = Text(ref rest, key);
            var metadata = new KeyValuePair<string, string>[Length(ref rest, key)];
            for (var i = 0; i < metadata.Length; i++)
            {
                metadata[i] = new(Text(ref rest, key), Text(ref rest, key));
            }
            var modified = (File.GetLastWriteTimeUtc(file) - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
            return (new ObjectFacts(key, RandomAccess.GetLength(file) - length, modified, Convert.ToHexStringLower(head.Slice(EtagOffset, EtagBytes)), type, metadata), (int)length);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(first);
            if (whole is not null)
            {
                ArrayPool<byte>.Shared.Return(whole);
            }
        }
    }

    private static void Write(ArrayBufferWriter<byte> head, string text)
    {
        var length = Encoding.UTF8.GetByteCount(text);
        var room = head.GetSpan(length + 2);
        BinaryPrimitives.WriteUInt16LittleEndian(room, (ushort)length);
        Encoding.UTF8.GetBytes(text, room[2..]);
        head.Advance(length + 2);
    }

    private static string Text(ref ReadOnlySpan<byte> rest, string key)
    {
        var length = Length(ref rest, key);
        var text = length <= rest.Length ? Encoding.UTF8.GetString(rest[..length]) : throw Broken(key);
        rest = rest[length..];
        return text;
    }

    private static int Length(ref ReadOnlySpan<byte> rest, string key)
    {
        var length = rest.Length >= 2 ? BinaryPrimitives.ReadUInt16LittleEndian(rest) : throw Broken(key);
        rest = rest[2..];
        return length;
    }

    private static ServiceException Broken(string key) =>
        new(AbiResult.IoError, $"The file of the object '{key}' is not one that this storage wrote, or it is damaged: restore it from a backup or remove the object.", "BrokenObject");
}
