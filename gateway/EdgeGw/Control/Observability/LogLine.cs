using System.Text.Json;

namespace EdgeGw.Control.Observability;

/// <summary>One line of the log: the JSON as it is sent, and what it is merged and filtered by.</summary>
internal readonly record struct LogLine(DateTimeOffset Time, string Source, byte[] Json)
{
    /// <summary>Reads a worker's line; one that is not JSON counts as said by the worker now.</summary>
    internal static LogLine Parse(byte[] json, DateTimeOffset now)
    {
        var time = now;
        var source = "worker";
        try
        {
            var reader = new Utf8JsonReader(json);
            while (reader.Read())
            {
                if (reader.TokenType != JsonTokenType.PropertyName || reader.CurrentDepth != 1)
                {
                    continue;
                }
                if (reader.ValueTextEquals("time") && reader.Read() && reader.TokenType == JsonTokenType.String && reader.TryGetDateTimeOffset(out var written))
                {
                    time = written;
                }
                else if (reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals("source") && reader.Read() && reader.TokenType == JsonTokenType.String)
                {
                    source = reader.GetString()!;
                }
            }
        }
        catch (JsonException)
        {
            return new LogLine(now, source, json);
        }
        return new LogLine(time, source, json);
    }
}
