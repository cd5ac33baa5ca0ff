using System.Buffers;
using System.Text.Json;
using BenchmarkDotNet.Attributes;

namespace EdgeGw.Bench;

/// <summary>Ten columns by a hundred rows from the gateway into a handler's records, beside writing the same records as JSON: what a gateway that speaks JSON with its handlers would do, and
/// only half of it, for nobody has read the JSON by then.</summary>
public class RowBench : IDisposable
{
    private readonly Order[] _rows = Order.Some(100);
    private readonly ArrayBufferWriter<byte> _buffer = new(64 * 1024);
    private readonly Utf8JsonWriter _json;
    private readonly RowCrossing _crossing;

    public RowBench()
    {
        _json = new(_buffer, new JsonWriterOptions { SkipValidation = true });
        _crossing = new(_rows);
        if (!_crossing.Cross().SequenceEqual(_rows))
        {
            throw new InvalidOperationException("What arrives is not what was sent.");
        }
    }

    public void Dispose()
    {
        _json.Dispose();
        _crossing.Dispose();
        GC.SuppressFinalize(this);
    }

    [Benchmark]
    public int Utf8JsonWriter_by_hand()
    {
        Begin();
        Span<char> due = stackalloc char[10];
        _json.WriteStartArray();
        foreach (var row in _rows)
        {
            _json.WriteStartObject();
            _json.WriteNumber("Id"u8, row.Id);
            _json.WriteString("Name"u8, row.Name);
            _json.WriteString("Kind"u8, row.Kind);
            _json.WriteString("Owner"u8, row.Owner);
            row.Due.TryFormat(due, out _, "O");
            _json.WriteString("Due"u8, due);
            _json.WriteNumber("PriceCents"u8, row.PriceCents);
            _json.WriteNumber("Weight"u8, row.Weight);
            _json.WriteBoolean("Paid"u8, row.Paid);
            _json.WriteString("Changed"u8, row.Changed);
            _json.WriteString("Tag"u8, row.Tag);
            _json.WriteEndObject();
        }
        _json.WriteEndArray();
        return End();
    }

    [Benchmark(Baseline = true)]
    public int JsonSerializer_generated()
    {
        Begin();
        JsonSerializer.Serialize(_json, _rows, OrderJson.Default.OrderArray);
        return End();
    }

    [Benchmark]
    public object Across_the_ABI_into_records() => _crossing.Cross();

    private void Begin()
    {
        _buffer.ResetWrittenCount();
        _json.Reset();
    }

    private int End()
    {
        _json.Flush();
        return _buffer.WrittenCount;
    }
}
