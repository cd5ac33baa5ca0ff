namespace EdgeGw.Configuration;

/// <summary>The request log: the last requests of each handler, in the worker's memory.</summary>
internal sealed class RequestLogSettings
{
    /// <summary>Whether there is one.</summary>
    public bool Enabled { get; set; } = true;
    /// <summary>Requests of each second that are recorded whatever they are, so that a quiet gateway shows every one.</summary>
    public int Always { get; set; } = 10;
    /// <summary>The share of the others that is recorded, 0 to 1. Answers of 500 and above and slow ones are always recorded.</summary>
    public double Sample { get; set; } = 0.001;
    /// <summary>Milliseconds from which an answer is slow.</summary>
    public int SlowMs { get; set; } = 1_000;
    /// <summary>Requests recorded in a second at most; others are counted.</summary>
    public int PerSecond { get; set; } = 1_000;
    /// <summary>Requests kept of each handler, and as many again that failed or were slow.</summary>
    public int Keep { get; set; } = 100;
    /// <summary>Service calls kept of one request.</summary>
    public int Spans { get; set; } = 32;
    /// <summary>Characters kept of a path.</summary>
    public int PathCharacters { get; set; } = 256;
}
