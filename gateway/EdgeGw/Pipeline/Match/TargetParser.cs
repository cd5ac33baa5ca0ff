using System.Runtime.CompilerServices;

namespace EdgeGw.Pipeline.Match;

/// <summary>Where a segment lies in the decoded path.</summary>
internal readonly record struct SegmentRange(int Start, int Length);

/// <summary>What a request target came to.</summary>
internal enum TargetError
{
    /// <summary>It is fine.</summary>
    None,
    /// <summary>A '%' is not followed by two hex digits.</summary>
    BadPercentEncoding,
    /// <summary>A '..' leads above the root.</summary>
    AboveRoot,
    /// <summary>More segments than <see cref="TargetParser.MaxSegments"/>.</summary>
    TooManySegments,
    /// <summary>Neither origin-form, absolute-form nor '*' (RFC 9112, section 3.2).</summary>
    BadForm,
}

/// <summary>Cuts a request target into decoded path segments and the query, in one pass and without allocating.</summary>
internal static class TargetParser
{
    /// <summary>The most segments of a request path.</summary>
    public const int MaxSegments = 256;

    /// <summary>Decodes <paramref name="target"/> (as sent; Kestrel has checked that it is ASCII) into <paramref name="path"/>, which must have room for as many bytes.</summary>
    /// <param name="target">The target as sent.</param>
    /// <param name="path">Gets the path: decoded, without dot segments, beginning with '/'.</param>
    /// <param name="segments">Gets the segments' places in <paramref name="path"/>; room for <see cref="MaxSegments"/>.</param>
    /// <param name="pathLength">Bytes of the path.</param>
    /// <param name="segmentCount">Number of segments; a trailing slash adds none.</param>
    /// <param name="queryStart">Index in <paramref name="target"/> just after the '?', or its length.</param>
    public static TargetError Parse(ReadOnlySpan<char> target, Span<byte> path, Span<SegmentRange> segments, out int pathLength, out int segmentCount, out int queryStart)
    {
        (pathLength, segmentCount, queryStart) = (0, 0, target.Length);
        var at = 0;
        if (target.Length == 0 || target[0] != '/')
        {
            if (!TrySkipAuthority(target, out at))
            {
                return TargetError.BadForm;
            }
        }

        var end = target.Length;
        var question = target[at..].IndexOf('?');
        if (question >= 0)
        {
            end = at + question;
            queryStart = end + 1;
        }

        // Each round takes one segment: target[at] is the '/' before it.
        var length = 0;
        var count = 0;
        while (at < end)
        {
            at++;
            path[length++] = (byte)'/';
            var start = length;
            while (at < end && target[at] != '/')
            {
                var c = target[at++];
                if (c == '%')
                {
                    if (at + 2 > end || !PercentDecoder.TryHex(target[at], target[at + 1], out var decoded))
                    {
                        return TargetError.BadPercentEncoding;
                    }
                    at += 2;
                    path[length++] = decoded;
                }
                else
                {
                    path[length++] = (byte)c;
                }
            }

            var segment = path[start..length];
            if (segment.Length <= 2 && segment.Length > 0 && segment[0] == (byte)'.' && segment[^1] == (byte)'.')
            {
                // RFC 3986, section 5.2.4: "/." goes, "/.." takes the segment before it along; either leaves a '/' when it is last.
                length = start - 1;
                if (segment.Length == 2)
                {
                    if (count == 0)
                    {
                        return TargetError.AboveRoot;
                    }
                    length = segments[--count].Start - 1;
                }
                if (at >= end)
                {
                    path[length++] = (byte)'/';
                }
                continue;
            }
            if (segment.Length == 0 && at >= end)
            {
                break; // a trailing slash
            }
            if (count == MaxSegments)
            {
                return TargetError.TooManySegments;
            }
            segments[count++] = new SegmentRange(start, length - start);
        }

        if (length == 0)
        {
            path[length++] = (byte)'/'; // absolute-form without a path
        }
        (pathLength, segmentCount) = (length, count);
        return TargetError.None;
    }

    // Absolute-form: what a client sends to a proxy, and what every server must take (RFC 9112, section 3.2.2).
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool TrySkipAuthority(ReadOnlySpan<char> target, out int at)
    {
        at = 0;
        var scheme = target.StartsWith("http://", StringComparison.OrdinalIgnoreCase) ? 7
            : target.StartsWith("https://", StringComparison.OrdinalIgnoreCase) ? 8 : 0;
        if (scheme == 0)
        {
            return false;
        }
        var slash = target[scheme..].IndexOfAny('/', '?');
        at = slash < 0 ? target.Length : scheme + slash;
        return slash < 0 || target[at] == '/';
    }
}
