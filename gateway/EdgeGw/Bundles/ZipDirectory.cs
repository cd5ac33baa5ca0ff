using System.Buffers.Binary;

namespace EdgeGw.Bundles;

/// <summary>Looks at a zip archive's directory before anything is made of it: the library that reads archives makes an object of each entry, however many there are.</summary>
internal static class ZipDirectory
{
    private const uint EndMark = 0x06054b50;
    private const int EndBytes = 22;
    private const int MaxComment = 65_535;

    // A header of an entry has 46 bytes, a name and what programs add to it.
    private const int BytesPerEntry = 1_024;

    /// <summary>What is wrong with an archive, as the end of a sentence that begins with its name; null when nothing is.</summary>
    internal static string? Fault(Stream archive, BundleBounds bounds)
    {
        if (archive.Length > bounds.MaxBytes)
        {
            return $"has {archive.Length} bytes; {bounds.MaxBytes} are allowed";
        }
        var tail = new byte[(int)Math.Min(archive.Length, EndBytes + MaxComment)];
        archive.Position = archive.Length - tail.Length;
        archive.ReadExactly(tail);
        archive.Position = 0;
        for (var at = tail.Length - EndBytes; at >= 0; at--)
        {
            var end = tail.AsSpan(at);
            if (BinaryPrimitives.ReadUInt32LittleEndian(end) == EndMark && BinaryPrimitives.ReadUInt16LittleEndian(end[20..]) == end.Length - EndBytes)
            {
                return Fault(end, archive.Length - tail.Length + at, bounds);
            }
        }
        return "is not a zip archive, or is cut off";
    }

    private static string? Fault(ReadOnlySpan<byte> end, long position, BundleBounds bounds)
    {
        var entries = BinaryPrimitives.ReadUInt16LittleEndian(end[10..]);
        long bytes = BinaryPrimitives.ReadUInt32LittleEndian(end[12..]);
        long offset = BinaryPrimitives.ReadUInt32LittleEndian(end[16..]);
        if (entries == ushort.MaxValue || bytes == uint.MaxValue || offset == uint.MaxValue)
        {
            return "is a zip archive of the form for more than 65534 files or 4 GiB, which a bundle does not have";
        }
        if (offset + bytes != position)
        {
            return "is damaged: its directory is not where it should be";
        }
        return entries > bounds.MaxFiles || bytes > (long)bounds.MaxFiles * BytesPerEntry ? $"has {entries} files in a directory of {bytes} bytes; {bounds.MaxFiles} files are allowed" : null;
    }
}
