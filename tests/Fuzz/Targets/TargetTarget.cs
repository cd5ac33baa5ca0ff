using System.Text;
using EdgeGw.Pipeline.Match;

namespace EdgeGw.Fuzz.Targets;

/// <summary>A request target: decoded into a path that has no dot segments, with every segment where the parser says; read again by a parser that is written for clearness.</summary>
internal static class TargetTarget
{
    internal static void Run(byte[] input)
    {
        var target = Encoding.Latin1.GetString(input);
        if (target.Length == 0 || target.Length > 16_384)
        {
            return;
        }
        var path = new byte[target.Length];
        var segments = new SegmentRange[TargetParser.MaxSegments];
        var error = TargetParser.Parse(target, path, segments, out var length, out var count, out var query);
        var expected = Reference(target, out var segmentsExpected);
        FuzzFindingException.ThrowUnless(error == expected, $"{error} where it is {expected}");
        if (error != TargetError.None)
        {
            return;
        }
        FuzzFindingException.ThrowUnless(length > 0 && path[0] == '/' && query >= 0 && query <= target.Length && (query == target.Length || target[query - 1] == '?'), "a path or query that is none");
        FuzzFindingException.ThrowUnless(count == segmentsExpected.Count, $"{count} segments where there are {segmentsExpected.Count}");
        for (var i = 0; i < count; i++)
        {
            FuzzFindingException.ThrowUnless(path.AsSpan(segments[i].Start, segments[i].Length).SequenceEqual(segmentsExpected[i]), $"another segment {i}");
            FuzzFindingException.ThrowUnless(segments[i].Start > 0 && path[segments[i].Start - 1] == '/' && segments[i].Start + segments[i].Length <= length, $"segment {i} is not in the path");
        }
    }

    // docs/routing.md, word by word.
    private static TargetError Reference(string target, out List<byte[]> segments)
    {
        segments = [];
        var path = target;
        if (!target.StartsWith('/'))
        {
            var scheme = new[] { "http://", "https://" }.FirstOrDefault(s => target.StartsWith(s, StringComparison.OrdinalIgnoreCase));
            if (scheme is null)
            {
                return TargetError.BadForm;
            }
            var rest = target[scheme.Length..];
            var at = rest.IndexOfAny(['/', '?']);
            if (at >= 0 && rest[at] == '?')
            {
                return TargetError.BadForm;
            }
            path = at < 0 ? "" : rest[at..];
        }
        path = path.Split('?')[0];
        if (path.Length == 0)
        {
            return TargetError.None;
        }
        var parts = path[1..].Split('/');
        for (var i = 0; i < parts.Length; i++)
        {
            var raw = Encoding.Latin1.GetBytes(parts[i]);
            var decoded = new byte[raw.Length];
            if (!PercentDecoder.TryDecode(raw, decoded, out var length))
            {
                return TargetError.BadPercentEncoding;
            }
            var segment = decoded[..length];
            switch (Encoding.Latin1.GetString(segment))
            {
                case ".":
                    continue;
                case "..":
                    if (segments.Count == 0)
                    {
                        return TargetError.AboveRoot;
                    }
                    segments.RemoveAt(segments.Count - 1);
                    continue;
                case "" when i == parts.Length - 1:
                    continue;
            }
            if (segments.Count == TargetParser.MaxSegments)
            {
                return TargetError.TooManySegments;
            }
            segments.Add(segment);
        }
        return TargetError.None;
    }
}
