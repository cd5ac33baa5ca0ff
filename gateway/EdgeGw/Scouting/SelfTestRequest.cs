using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using EdgeGw.Epochs;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace EdgeGw.Scouting;

/// <summary>One request of a self-test as the pipeline takes it, without a socket, and the answer to it. For one use.</summary>
internal sealed class SelfTestRequest : FeatureCollection,
    IHttpRequestFeature, IHttpRequestBodyDetectionFeature, IRequestBodyPipeFeature, IHttpResponseFeature, IHttpResponseBodyFeature, IHttpRequestLifetimeFeature, IDisposable
{
    private readonly HeaderDictionary _requestHeaders = [];
    private readonly HeaderDictionary _responseHeaders = [];
    private readonly CancellationTokenSource _aborted = new();
    private readonly KeptBody _answer = new();
    private readonly byte[] _body;

    /// <summary>Makes the request that a test asks for.</summary>
    internal SelfTestRequest(ManifestSelfTest test)
    {
        Method = test.Method;
        RawTarget = test.Path;
        _body = test.Body is { } text ? Encoding.UTF8.GetBytes(text) : [];
        _requestHeaders["Host"] = "localhost";
        foreach (var (name, value) in test.Headers)
        {
            _requestHeaders[name] = value;
        }
        // Of a body that is there its length is known, whatever the test says.
        _requestHeaders.ContentLength = test.Body is null ? null : _body.Length;
        Reader = PipeReader.Create(new ReadOnlySequence<byte>(_body));
        Set<IHttpRequestFeature>(this);
        Set<IHttpRequestBodyDetectionFeature>(this);
        Set<IRequestBodyPipeFeature>(this);
        Set<IHttpResponseFeature>(this);
        Set<IHttpResponseBodyFeature>(this);
        Set<IHttpRequestLifetimeFeature>(this);
    }

    /// <summary>The answer's body so far, as text.</summary>
    internal string Answer => _answer.Text();

    /// <summary>Whether the connection was closed in the middle of the answer.</summary>
    internal bool WasAborted => _aborted.IsCancellationRequested;

    /// <inheritdoc/>
    public string Protocol { get; set; } = "HTTP/1.1";

    /// <inheritdoc/>
    public string Scheme { get; set; } = "http";

    /// <inheritdoc/>
    public string Method { get; set; }

    /// <inheritdoc/>
    public string PathBase { get; set; } = "";

    /// <inheritdoc/>
    public string Path { get; set; } = "";

    /// <inheritdoc/>
    public string QueryString { get; set; } = "";

    /// <inheritdoc/>
    public string RawTarget { get; set; }

    /// <inheritdoc/>
    public PipeReader Reader { get; }

    /// <inheritdoc/>
    public int StatusCode { get; set; } = StatusCodes.Status200OK;

    /// <inheritdoc/>
    public string? ReasonPhrase { get; set; }

    /// <inheritdoc/>
    public bool HasStarted { get; private set; }

    /// <inheritdoc/>
    public bool CanHaveBody => _body.Length > 0;

    /// <inheritdoc/>
    public CancellationToken RequestAborted { get => _aborted.Token; set => throw new NotSupportedException(); }

    /// <inheritdoc/>
    public PipeWriter Writer => _answer;

    IHeaderDictionary IHttpRequestFeature.Headers { get => _requestHeaders; set => throw new NotSupportedException(); }

    IHeaderDictionary IHttpResponseFeature.Headers { get => _responseHeaders; set => throw new NotSupportedException(); }

    Stream IHttpRequestFeature.Body { get => Stream.Null; set => throw new NotSupportedException(); }

    Stream IHttpResponseFeature.Body { get => Stream.Null; set => throw new NotSupportedException(); }

    Stream IHttpResponseBodyFeature.Stream => Stream.Null;

    /// <inheritdoc/>
    public void Abort() => _aborted.Cancel();

    /// <inheritdoc/>
    public void OnStarting(Func<object, Task> callback, object state) => throw new NotSupportedException();

    /// <inheritdoc/>
    public void OnCompleted(Func<object, Task> callback, object state) => throw new NotSupportedException();

    /// <inheritdoc/>
    public void DisableBuffering()
    {
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken = default)
    {
        HasStarted = true;
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    /// <inheritdoc/>
    public Task CompleteAsync() => Task.CompletedTask;

    /// <inheritdoc/>
    public void Dispose() => _aborted.Dispose();

    // Takes whatever comes, as a client that reads at once, and keeps the beginning. The one who answers late (504) writes beside a handler that may still write, hence the lock.
    private sealed class KeptBody : PipeWriter
    {
        private const int MaxKept = 1 << 20;

        private readonly Lock _lock = new();
        private readonly ArrayBufferWriter<byte> _kept = new();
        private byte[] _room = new byte[4096];

        internal string Text()
        {
            lock (_lock)
            {
                return Encoding.UTF8.GetString(_kept.WrittenSpan);
            }
        }

        public override void Advance(int bytes)
        {
            lock (_lock)
            {
                var count = Math.Min(bytes, MaxKept - _kept.WrittenCount);
                _kept.Write(_room.AsSpan(0, count));
            }
        }

        public override Memory<byte> GetMemory(int sizeHint = 0)
        {
            lock (_lock)
            {
                if (sizeHint > _room.Length)
                {
                    _room = new byte[sizeHint];
                }
                return _room;
            }
        }

        public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

        public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) => new(new FlushResult(isCanceled: false, isCompleted: false));

        public override void CancelPendingFlush()
        {
        }

        public override void Complete(Exception? exception = null)
        {
        }
    }
}
