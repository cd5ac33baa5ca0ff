using System.Buffers.Text;

namespace EdgeGw.Pipeline.Match;

/// <summary>The routes of one host as a trie over path segments. Built once, then read by any number of threads without a lock or an allocation.</summary>
/// <typeparam name="TRoute">What a match gives.</typeparam>
internal sealed class RouteTrie<TRoute> where TRoute : class
{
    private readonly Node _root = new();

    /// <summary>Adds a route; false when one of the same method and shape is there.</summary>
    public bool TryAdd(string method, RoutePattern pattern, TRoute route)
    {
        var node = _root;
        foreach (var segment in pattern.Segments)
        {
            if (segment.Kind == SegmentKind.CatchAll)
            {
                return (node.Rest ??= new MethodTable<TRoute>()).TryAdd(method, route);
            }
            node = node.ChildFor(segment);
        }
        return (node.End ??= new MethodTable<TRoute>()).TryAdd(method, route);
    }

    /// <summary>The best route for a path and method, or null. <paramref name="parameters"/> gets the places of the path parameters.</summary>
    public TRoute? Find(string method, ReadOnlySpan<byte> path, ReadOnlySpan<SegmentRange> segments, Span<SegmentRange> parameters, out int parameterCount)
    {
        parameterCount = 0;
        return Find(_root, method, path, segments, 0, parameters, ref parameterCount);
    }

    /// <summary>Collects the methods that the path has routes for: for 405 and OPTIONS, off the fast path.</summary>
    public void CollectMethods(ReadOnlySpan<byte> path, ReadOnlySpan<SegmentRange> segments, ISet<string> methods) => Collect(_root, path, segments, methods);

    // Depth is bounded by RoutePattern.MaxSegments; a node is visited at most once per request, so going back costs at most the size of the trie.
    private static TRoute? Find(Node node, string method, ReadOnlySpan<byte> path, ReadOnlySpan<SegmentRange> segments, int index, Span<SegmentRange> parameters, ref int parameterCount)
    {
        if (index == segments.Length)
        {
            if (node.End?.Find(method) is { } exact)
            {
                return exact;
            }
        }
        else
        {
            var range = segments[index];
            var segment = path.Slice(range.Start, range.Length);
            if (node.Literals?.Find(segment) is { } literal && Find(literal, method, path, segments, index + 1, parameters, ref parameterCount) is { } found)
            {
                return found;
            }
            if (node.Typed is { } typed)
            {
                var before = parameterCount;
                for (var kind = SegmentKind.Guid; kind <= SegmentKind.Any; kind++)
                {
                    if (typed[(int)kind] is { } child && Matches(kind, segment))
                    {
                        parameters[parameterCount++] = range;
                        if (Find(child, method, path, segments, index + 1, parameters, ref parameterCount) is { } below)
                        {
                            return below;
                        }
                        parameterCount = before;
                    }
                }
            }
        }
        if (node.Rest?.Find(method) is { } rest)
        {
            parameters[parameterCount++] = RestOf(path, segments, index);
            return rest;
        }
        return null;
    }

    private static void Collect(Node node, ReadOnlySpan<byte> path, ReadOnlySpan<SegmentRange> segments, ISet<string> methods)
    {
        if (segments.Length == 0)
        {
            Add(node.End, methods);
        }
        else
        {
            var segment = path.Slice(segments[0].Start, segments[0].Length);
            if (node.Literals?.Find(segment) is { } literal)
            {
                Collect(literal, path, segments[1..], methods);
            }
            for (var kind = SegmentKind.Guid; node.Typed is { } typed && kind <= SegmentKind.Any; kind++)
            {
                if (typed[(int)kind] is { } child && Matches(kind, segment))
                {
                    Collect(child, path, segments[1..], methods);
                }
            }
        }
        Add(node.Rest, methods);

        static void Add(MethodTable<TRoute>? table, ISet<string> methods)
        {
            foreach (var method in table?.Methods ?? [])
            {
                methods.Add(method);
                if (method == "GET")
                {
                    methods.Add("HEAD");
                }
            }
        }
    }

    private static SegmentRange RestOf(ReadOnlySpan<byte> path, ReadOnlySpan<SegmentRange> segments, int index)
    {
        var start = index < segments.Length ? segments[index].Start : path.Length;
        return new SegmentRange(start, path.Length - start);
    }

    private static bool Matches(SegmentKind kind, ReadOnlySpan<byte> segment)
    {
        switch (kind)
        {
            case SegmentKind.Any:
                return segment.Length > 0;
            case SegmentKind.Int:
                return Utf8Parser.TryParse(segment, out int _, out var read) && read == segment.Length;
            case SegmentKind.Long:
                return Utf8Parser.TryParse(segment, out long _, out read) && read == segment.Length;
            case SegmentKind.Guid:
                return segment.Length == 36 && Utf8Parser.TryParse(segment, out Guid _, out read, 'D') && read == segment.Length;
            case SegmentKind.Bool:
                return segment.SequenceEqual("true"u8) || segment.SequenceEqual("false"u8);
            default:
                foreach (var b in segment)
                {
                    if (!char.IsAsciiLetter((char)b))
                    {
                        return false;
                    }
                }
                return segment.Length > 0;
        }
    }

    private sealed class Node
    {
        public LiteralTable<Node>? Literals { get; private set; }

        public Node?[]? Typed { get; private set; }

        public MethodTable<TRoute>? End { get; set; }

        public MethodTable<TRoute>? Rest { get; set; }

        public Node ChildFor(in RouteSegment segment)
        {
            if (segment.Kind != SegmentKind.Literal)
            {
                Typed ??= new Node?[(int)SegmentKind.CatchAll];
                return Typed[(int)segment.Kind] ??= new Node();
            }
            Literals ??= new LiteralTable<Node>();
            var child = Literals.Find(segment.Literal);
            if (child is null)
            {
                Literals.Add(segment.Literal, child = new Node());
            }
            return child;
        }
    }
}
