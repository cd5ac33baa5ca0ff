using System.Text.Json;
using EdgeGw.Pipeline.Observe;
using EdgeGw.Tests.Control;

namespace EdgeGw.Tests.Telemetry;

/// <summary>Records as a worker tells them.</summary>
internal static class SomeRequests
{
    internal const string Trace = "0af7651916cd43dd8448eb211c80319c";

    internal static readonly DateTimeOffset Began = new(2026, 3, 1, 12, 0, 0, 123, TimeSpan.Zero);

    /// <summary>One with a database and an http call, in a trace of its client's.</summary>
    internal static RequestRecord Traced(string id = "r1", int status = 200) => new()
    {
        Worker = 42,
        Number = 7,
        RequestId = id,
        Time = Began,
        Why = "always",
        Method = "GET",
        Host = "api.example.com:8080",
        Route = "/pets/{id}",
        Path = "/pets/5",
        Scheme = "https",
        Protocol = "HTTP/2",
        Client = "192.0.2.1",
        Status = status,
        Handler = "pets",
        Version = "1.2.0",
        Ms = 12.5,
        QueueMs = 1.5,
        HandlerMs = 10,
        ResponseMs = 1,
        BytesIn = 3,
        BytesOut = 400,
        Error = status >= 500 ? "no such table" : null,
        TraceId = Trace,
        Trace = new RequestTrace("1111111111111111", "b7ad6b7169203331", "2222222222222222", "congo=t61rcWkgMzE"),
        Spans = [new("database", "main", "query", null, 2, 3, "answered", "3333333333333333"), new("http", "default", "send", "api.example.com", 6, 4, "timedout", "4444444444444444")],
    };

    /// <summary>Has the scripted worker tell a record.</summary>
    internal static void Tell(this RunningControl control, RequestRecord record) =>
        File.AppendAllText(control.Script("requests"), JsonSerializer.Serialize(record, RequestJson.Default.RequestRecord) + "\n");
}
