using System.Text;
using CsCheck;
using EdgeGw.Pipeline.Match;

namespace EdgeGw.Pipeline.Tests;

internal sealed class TargetParserTests
{
    private static (TargetError Error, string Path, string[] Segments, string Query) Parse(string target)
    {
        var path = new byte[Math.Max(1, target.Length)];
        var ranges = new SegmentRange[TargetParser.MaxSegments];
        var error = TargetParser.Parse(target, path, ranges, out var length, out var count, out var query);
        return (error, Encoding.Latin1.GetString(path, 0, length), [.. ranges.Take(count).Select(r => Encoding.Latin1.GetString(path, r.Start, r.Length))], query < target.Length ? target[query..] : "");
    }

    [TestCase("/", "/", "")]
    [TestCase("/a/b", "/a/b", "a|b")]
    [TestCase("/a/b/", "/a/b/", "a|b")]
    [TestCase("/a//b", "/a//b", "a||b")]
    [TestCase("/a/./b", "/a/b", "a|b")]
    [TestCase("/a/../b", "/b", "b")]
    [TestCase("/a/..", "/", "")]
    [TestCase("/a/b/..", "/a/", "a")]
    [TestCase("/a/.", "/a/", "a")]
    [TestCase("/a/%2e%2e/b", "/b", "b")]
    [TestCase("/a%2Fb/c", "/a/b/c", "a/b|c")]
    [TestCase("/%25", "/%", "%")]
    [TestCase("/%252F", "/%2F", "%2F")]
    [TestCase("/.a/..b/...", "/.a/..b/...", ".a|..b|...")]
    [TestCase("http://example.com/x/y", "/x/y", "x|y")]
    [TestCase("https://example.com", "/", "")]
    public void A_target_becomes_a_decoded_path_and_its_segments(string target, string path, string segments)
    {
        var parsed = Parse(target);
        Assert.Multiple(() =>
        {
            Assert.That(parsed.Error, Is.EqualTo(TargetError.None));
            Assert.That(parsed.Path, Is.EqualTo(path));
            Assert.That(string.Join('|', parsed.Segments), Is.EqualTo(segments));
        });
    }

    [TestCase("/a?b=c?d", "b=c?d")]
    [TestCase("/a?", "")]
    [TestCase("/?%zz", "%zz")]
    [TestCase("http://h/a?x=/y", "x=/y")]
    public void The_query_is_left_as_it_was_sent(string target, string query)
    {
        var parsed = Parse(target);
        Assert.That((parsed.Error, parsed.Query), Is.EqualTo((TargetError.None, query)));
    }

    [TestCase("/%", TargetError.BadPercentEncoding)]
    [TestCase("/%4", TargetError.BadPercentEncoding)]
    [TestCase("/%4?1", TargetError.BadPercentEncoding)]
    [TestCase("/%zz", TargetError.BadPercentEncoding)]
    [TestCase("/..", TargetError.AboveRoot)]
    [TestCase("/a/../../b", TargetError.AboveRoot)]
    [TestCase("/%2E%2E/etc/passwd", TargetError.AboveRoot)]
    [TestCase("*", TargetError.BadForm)]
    [TestCase("example.com:443", TargetError.BadForm)]
    [TestCase("http://h?x", TargetError.BadForm)]
    public void A_target_that_makes_no_sense_is_refused(string target, TargetError error) => Assert.That(Parse(target).Error, Is.EqualTo(error));

    [Test]
    public void More_segments_than_the_bound_are_refused() =>
        Assert.That(Parse(string.Concat(Enumerable.Repeat("/a", TargetParser.MaxSegments + 1))).Error, Is.EqualTo(TargetError.TooManySegments));

    [Test]
    public void Encoding_a_segment_and_parsing_it_gives_the_same_bytes() =>
        Gen.Byte.Array[1, 40].Where(b => Encoding.Latin1.GetString(b) is not ("." or "..")).Sample(bytes =>
        {
            var target = "/x/" + string.Concat(bytes.Select(b => $"%{b:X2}")) + "/y";
            var parsed = Parse(target);
            return parsed.Error == TargetError.None && parsed.Segments.SequenceEqual(["x", Encoding.Latin1.GetString(bytes), "y"]);
        });

    [Test]
    public void Whatever_comes_in_the_segments_lie_inside_the_path_and_no_dot_segment_is_left() =>
        Gen.Char["/.%2eF?a:*0"].Array[0, 60].Select(c => new string(c)).Sample(
            target =>
            {
                var path = new byte[Math.Max(1, target.Length)];
                var ranges = new SegmentRange[TargetParser.MaxSegments];
                if (TargetParser.Parse(target, path, ranges, out var length, out var count, out var query) != TargetError.None)
                {
                    return true;
                }
                var decoded = path[..length];
                return decoded[0] == '/' && query <= target.Length && ranges.Take(count).All(r =>
                    r.Start >= 1 && r.Start + r.Length <= length && decoded[r.Start - 1] == '/' && Encoding.Latin1.GetString(decoded, r.Start, r.Length) is not ("." or ".."));
            },
            iter: 100_000);
}
