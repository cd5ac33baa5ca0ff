using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace EdgeGw.Bench;

/// <summary>One GET request, used again and again, and a response that goes nowhere. The collection implements its features itself, as Kestrel's does.</summary>
internal sealed class OneRequest : FeatureCollection, IHttpRequestFeature, IHttpResponseFeature, IHttpResponseBodyFeature, IHttpRequestLifetimeFeature, IHttpRequestBodyDetectionFeature
{
    private readonly HeaderDictionary _requestHeaders = new() { ["Host"] = "localhost", ["User-Agent"] = "bench" };
    private readonly HeaderDictionary _responseHeaders = [];
    private readonly Sink _sink = new();

    public OneRequest(string target, params (string Name, string Value)[] headers)
    {
        RawTarget = target;
        foreach (var (name, value) in headers)
        {
            _requestHeaders[name] = value;
        }
        Set<IHttpRequestFeature>(this);
        Set<IHttpResponseFeature>(this);
        Set<IHttpResponseBodyFeature>(this);
        Set<IHttpRequestLifetimeFeature>(this);
        Set<IHttpRequestBodyDetectionFeature>(this);
    }

    public IFeatureCollection Features => this;

    public string Protocol { get; set; } = "HTTP/1.1";

    public string Scheme { get; set; } = "http";

    public string Method { get; set; } = "GET";

    public string PathBase { get; set; } = "";

    public string Path { get; set; } = "";

    public string QueryString { get; set; } = "";

    public string RawTarget { get; set; }

    public int StatusCode { get; set; }

    public string? ReasonPhrase { get; set; }

    public bool HasStarted => false;

    public bool CanHaveBody => false;

    public CancellationToken RequestAborted { get; set; }

    public PipeWriter Writer => _sink;

    IHeaderDictionary IHttpRequestFeature.Headers { get => _requestHeaders; set => throw new NotSupportedException(); }

    IHeaderDictionary IHttpResponseFeature.Headers { get => _responseHeaders; set => throw new NotSupportedException(); }

    Stream IHttpRequestFeature.Body { get => System.IO.Stream.Null; set => throw new NotSupportedException(); }

    Stream IHttpResponseFeature.Body { get => System.IO.Stream.Null; set => throw new NotSupportedException(); }

    Stream IHttpResponseBodyFeature.Stream => System.IO.Stream.Null;

    /// <summary>Makes it new.</summary>
    public void Begin()
    {
        StatusCode = StatusCodes.Status200OK;
        _responseHeaders.Clear();
    }

    /// <summary>What any response costs at least.</summary>
    public void CopyToWriter(ReadOnlySpan<byte> body)
    {
        body.CopyTo(_sink.GetSpan(body.Length));
        _sink.Advance(body.Length);
    }

    public void Abort() => throw new NotSupportedException("nothing is aborted here");

    public void OnStarting(Func<object, Task> callback, object state) => throw new NotSupportedException();

    public void OnCompleted(Func<object, Task> callback, object state) => throw new NotSupportedException();

    public void DisableBuffering()
    {
    }

    public Task StartAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;

    public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task CompleteAsync() => Task.CompletedTask;

    private sealed class Sink : PipeWriter
    {
        private readonly byte[] _buffer = new byte[65_536];

        public override void Advance(int bytes)
        {
        }

        public override Memory<byte> GetMemory(int sizeHint = 0) => _buffer;

        public override Span<byte> GetSpan(int sizeHint = 0) => _buffer;

        public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) => new(new FlushResult(isCanceled: false, isCompleted: false));

        public override void CancelPendingFlush()
        {
        }

        public override void Complete(Exception? exception = null)
        {
        }
    }
}
