using BenchmarkDotNet.Attributes;
using EdgeGw.Pipeline.Match;

namespace EdgeGw.Bench;

/// <summary>Reading a request target: cut into segments, percent-decoded, dot segments removed.</summary>
public class DecodeBench
{
    private readonly byte[] _path = new byte[512];
    private readonly SegmentRange[] _segments = new SegmentRange[TargetParser.MaxSegments];

    [Params("/hello", "/orders/4711/lines/1?expand=all", "/caf%C3%A9/a%20b/../%E2%82%AC")]
    public string Target { get; set; } = "";

    [Benchmark]
    public int Parse()
    {
        TargetParser.Parse(Target, _path, _segments, out var length, out _, out _);
        return length;
    }
}
