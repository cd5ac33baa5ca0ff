using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace EdgeGw;

/// <content>The getters by name. For many rows, <see cref="Ordinal"/> once and the number then cost less.</content>
public readonly partial struct Row
{
    /// <summary>True when the value is NULL.</summary>
    public bool IsNull(string name) => IsNull(Ordinal(name));

    /// <inheritdoc cref="GetBoolean(int)"/>
    public bool GetBoolean(string name) => GetBoolean(Ordinal(name));

    /// <inheritdoc cref="GetInt16(int)"/>
    public short GetInt16(string name) => GetInt16(Ordinal(name));

    /// <inheritdoc cref="GetInt32(int)"/>
    public int GetInt32(string name) => GetInt32(Ordinal(name));

    /// <inheritdoc cref="GetInt64(int)"/>
    public long GetInt64(string name) => GetInt64(Ordinal(name));

    /// <inheritdoc cref="GetSingle(int)"/>
    public float GetSingle(string name) => GetSingle(Ordinal(name));

    /// <inheritdoc cref="GetDouble(int)"/>
    public double GetDouble(string name) => GetDouble(Ordinal(name));

    /// <inheritdoc cref="GetDecimal(int)"/>
    public decimal GetDecimal(string name) => GetDecimal(Ordinal(name));

    /// <inheritdoc cref="GetString(int)"/>
    public string GetString(string name) => GetString(Ordinal(name));

    /// <inheritdoc cref="GetGuid(int)"/>
    public Guid GetGuid(string name) => GetGuid(Ordinal(name));

    /// <inheritdoc cref="GetBytes(int)"/>
    public byte[] GetBytes(string name) => GetBytes(Ordinal(name));

    /// <inheritdoc cref="GetDateTimeOffset(int)"/>
    public DateTimeOffset GetDateTimeOffset(string name) => GetDateTimeOffset(Ordinal(name));

    /// <inheritdoc cref="GetDateTime(int)"/>
    public DateTime GetDateTime(string name) => GetDateTime(Ordinal(name));

    /// <inheritdoc cref="GetDateOnly(int)"/>
    public DateOnly GetDateOnly(string name) => GetDateOnly(Ordinal(name));

    /// <inheritdoc cref="GetTimeOnly(int)"/>
    public TimeOnly GetTimeOnly(string name) => GetTimeOnly(Ordinal(name));

    /// <inheritdoc cref="GetTimeSpan(int)"/>
    public TimeSpan GetTimeSpan(string name) => GetTimeSpan(Ordinal(name));

    /// <inheritdoc cref="GetJsonElement(int)"/>
    public JsonElement GetJsonElement(string name) => GetJsonElement(Ordinal(name));

    /// <inheritdoc cref="GetJson{T}(int, JsonTypeInfo{T})"/>
    public T? GetJson<T>(string name, JsonTypeInfo<T> typeInfo) => GetJson(Ordinal(name), typeInfo);

    /// <inheritdoc cref="GetArray{T}(int)"/>
    public T[] GetArray<T>(string name) => GetArray<T>(Ordinal(name));
}
