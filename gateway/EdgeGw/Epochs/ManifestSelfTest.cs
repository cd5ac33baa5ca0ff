using System.Buffers;
using System.Text;
using EdgeGw.Pipeline.Match;

namespace EdgeGw.Epochs;

/// <summary>A request that the library must answer as it says, tried before each deploy in a process of its own (docs/manifest.md).</summary>
// Members with a default have a setter, not init: the JSON source generator assigns every init member, absent ones with null.
internal sealed record ManifestSelfTest
{
    /// <summary>The most requests of one library.</summary>
    public const int MaxTests = 100;

    private const int MaxHeaders = 50;
    private const int MaxPathChars = 8_192;
    private const int MaxTextChars = 65_536;

    private static readonly SearchValues<char> s_tokenChars = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$%&'*+-.^_`|~");

    /// <summary>The method.</summary>
    public string Method { get; set; } = "GET";

    /// <summary>The path with its query, as it stands in a request, without the prefix that a deploy may add: <c>/hello/Ada?lang=en</c>.</summary>
    public required string Path { get; init; }

    /// <summary>The request's headers.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; set; } = new Dictionary<string, string>();

    /// <summary>The request's body, sent as UTF-8; none when null.</summary>
    public string? Body { get; init; }

    /// <summary>The status of the answer.</summary>
    public int Status { get; set; } = 200;

    /// <summary>Text that the answer's body, read as UTF-8, must hold; anything when null.</summary>
    public string? Contains { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"{Method} {Path}";

    /// <summary>What is wrong with them, in one sentence; null when nothing is.</summary>
    internal static string? Check(IReadOnlyList<ManifestSelfTest> tests) =>
        tests.Count > MaxTests ? $"The manifest's selfTest has {tests.Count} requests; {MaxTests} are allowed." : tests.Select(test => test.Fault()).FirstOrDefault(fault => fault is not null);

    private string? Fault()
    {
        if (Method.Length is 0 or > 32 || Method == "*" || Method.AsSpan().ContainsAnyExcept(s_tokenChars))
        {
            return $"The method '{Method}' of the self-test '{Shown(Path)}' is not an HTTP method.";
        }
        if (Path.Length > MaxPathChars || !IsTarget(Path))
        {
            return $"The path of the self-test '{Shown(Path)}' is not what a request can ask for: it begins with '/', is percent-encoded where it needs to be, and has at most {MaxPathChars} characters.";
        }
        if (Headers.Count > MaxHeaders || Headers.Any(header => header.Key.Length == 0 || header.Key.AsSpan().ContainsAnyExcept(s_tokenChars) || !IsHeaderValue(header.Value)))
        {
            return $"The self-test '{Shown(Path)}' has a header that no request can have, or more than {MaxHeaders}.";
        }
        if (Body?.Length > MaxTextChars || Contains?.Length > MaxTextChars)
        {
            return $"'body' and 'contains' of the self-test '{Shown(Path)}' may have {MaxTextChars} characters each.";
        }
        return Status is >= 200 and <= 599 ? null : $"The self-test '{Shown(Path)}' asks for the status {Status}, which is not between 200 and 599.";
    }

    private static bool IsHeaderValue(string value) => value.Length <= MaxPathChars && value.All(c => c is '\t' or (>= ' ' and <= '\u00ff' and not '\x7f'));

    // What can stand in a request line, and what the gateway itself does not refuse.
    private static bool IsTarget(string path)
    {
        if (!path.StartsWith('/') || path.Any(c => c is <= ' ' or >= '\x7f' or '#'))
        {
            return false;
        }
        Span<SegmentRange> segments = stackalloc SegmentRange[TargetParser.MaxSegments];
        return TargetParser.Parse(path, new byte[Encoding.Latin1.GetByteCount(path)], segments, out _, out _, out _) == TargetError.None;
    }

    private static string Shown(string path) => path.Length <= 100 ? path : path[..100] + "…";
}
