using BenchmarkDotNet.Attributes;
using EdgeGw.Pipeline.Match;

namespace EdgeGw.Bench;

/// <summary>Finding a route among few and among many, beside a dictionary that can only find literals.</summary>
public class MatchBench
{
    private readonly byte[] _path = new byte[128];
    private readonly SegmentRange[] _segments = new SegmentRange[TargetParser.MaxSegments];
    private readonly SegmentRange[] _parameters = new SegmentRange[RoutePattern.MaxParameters];
    private readonly Dictionary<string, object> _dictionary = [];
    private RouteTable<object> _table = new();
    private int _length;
    private int _count;

    [Params(10, 10_000)]
    public int Routes { get; set; }

    [GlobalSetup]
    public void Build()
    {
        _table = new();
        for (var i = 0; i < Routes; i++)
        {
            Add($"/service{i}/items/{{id:int}}/lines/{{line}}");
            Add($"/service{i}/health");
        }

        TargetParser.Parse("/service7/items/4711/lines/a", _path, _segments, out _length, out _count, out _);
        _dictionary["/service7/items/4711/lines/a"] = _table;
    }

    [Benchmark(Baseline = true)]
    public bool Dictionary_of_literals() => _dictionary.ContainsKey("/service7/items/4711/lines/a");

    [Benchmark]
    public object? Find_with_two_parameters() => _table.Find("", "GET", _path.AsSpan(0, _length), _segments.AsSpan(0, _count), _parameters, out _);

    private void Add(string text)
    {
        if (!RoutePattern.TryParse(text, out var pattern, out var error) || !_table.TryAdd("*", "GET", pattern!, new object()))
        {
            throw new InvalidOperationException(error ?? text);
        }
    }
}
