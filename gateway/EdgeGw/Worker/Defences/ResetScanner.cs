namespace EdgeGw.Worker.Defences;

/// <summary>Finds the RST_STREAM frames in what an HTTP/2 client sends, preface first (RFC 9113, sections 3.4, 4.1 and 6.4), wherever the bytes are cut. Looks at the heads of frames alone.</summary>
internal struct ResetScanner()
{
    private const int PrefaceBytes = 24;
    private const int HeadBytes = 9;
    private const int TypeAt = 3;
    private const int ResetStream = 3;

    // Bytes until the next head: what is left of the preface or of a frame's payload.
    private int _skip = PrefaceBytes;

    // A head that came in pieces.
    private int _have;
    private int _length;
    private byte _type;

    /// <summary>Reads on until just behind the next RST_STREAM frame's head, or to the end. Gives the bytes read.</summary>
    public int Read(ReadOnlySpan<byte> bytes, out bool isReset)
    {
        isReset = false;
        var at = 0;
        while (at < bytes.Length)
        {
            if (_skip > 0)
            {
                var skipped = Math.Min(_skip, bytes.Length - at);
                _skip -= skipped;
                at += skipped;
            }
            else if (_have == 0 && bytes.Length - at >= HeadBytes)
            {
                _skip = (bytes[at] << 16) | (bytes[at + 1] << 8) | bytes[at + 2];
                isReset = bytes[at + TypeAt] == ResetStream;
                at += HeadBytes;
            }
            else
            {
                isReset = ReadPiece(bytes[at++]);
            }
            if (isReset)
            {
                break;
            }
        }
        return at;
    }

    private bool ReadPiece(byte next)
    {
        if (_have < TypeAt)
        {
            _length = (_length << 8) | next;
        }
        else if (_have == TypeAt)
        {
            _type = next;
        }
        if (++_have < HeadBytes)
        {
            return false;
        }
        (_skip, _length, _have) = (_length, 0, 0);
        return _type == ResetStream;
    }
}
