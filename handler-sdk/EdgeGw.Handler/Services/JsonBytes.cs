using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace EdgeGw;

/// <summary>A value as JSON in memory that is used again. To be disposed of once the bytes were copied.</summary>
internal readonly struct JsonBytes : IDisposable
{
    private const int KeptBytes = 256 * 1024; // a larger buffer is not worth keeping per thread

    [ThreadStatic]
    private static Room? t_idle;

    private readonly Room _room;

    private JsonBytes(Room room) => _room = room;

    public ReadOnlyMemory<byte> Memory => _room.Buffer.WrittenMemory;

    public ReadOnlySpan<byte> Span => _room.Buffer.WrittenSpan;

    public static JsonBytes Of<T>(T value, JsonTypeInfo<T> typeInfo)
    {
        ArgumentNullException.ThrowIfNull(typeInfo);
        var room = t_idle ?? new Room();
        t_idle = null; // a call may run a callback that serializes too
        room.Writer.Reset(room.Buffer);
        JsonSerializer.Serialize(room.Writer, value, typeInfo);
        room.Writer.Flush();
        return new JsonBytes(room);
    }

    public void Dispose()
    {
        if (_room.Buffer.Capacity > KeptBytes)
            return;
        _room.Buffer.ResetWrittenCount();
        t_idle = _room;
    }

    private sealed class Room
    {
        public Room() => Writer = new Utf8JsonWriter(Buffer, new JsonWriterOptions { SkipValidation = true });

        public ArrayBufferWriter<byte> Buffer { get; } = new(1024);

        public Utf8JsonWriter Writer { get; }
    }
}
