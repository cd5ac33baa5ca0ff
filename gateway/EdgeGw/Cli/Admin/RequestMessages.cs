namespace EdgeGw.Cli.Admin;

/// <summary>What <c>GET /api/v1/requests</c> answers.</summary>
internal sealed record RequestsReply
{
    public IReadOnlyList<RequestReply> Items { get; set; } = [];
}

/// <summary>One request of the request log; also the data of the event <c>request</c>.</summary>
internal sealed record RequestReply
{
    public int Worker { get; set; }
    public long Number { get; set; }
    public string RequestId { get; set; } = "";
    public DateTimeOffset Time { get; set; }
    public string Method { get; set; } = "";
    public string Path { get; set; } = "";
    public int Status { get; set; }
    public string? Handler { get; set; }
    public string? Version { get; set; }
    public double Ms { get; set; }
    public double QueueMs { get; set; }
    public string? Error { get; set; }
    public string? TraceId { get; set; }
    public IReadOnlyList<RequestSpanReply> Spans { get; set; } = [];
    public int SpansLost { get; set; }
}

/// <summary>One service call of a request.</summary>
internal sealed record RequestSpanReply
{
    public string Kind { get; set; } = "";
    public string Name { get; set; } = "";
    public string Operation { get; set; } = "";
    public string? Target { get; set; }
    public double AtMs { get; set; }
    public double Ms { get; set; }
    public string Outcome { get; set; } = "";
}
