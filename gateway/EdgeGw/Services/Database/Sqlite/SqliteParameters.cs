using System.Buffers;
using System.Globalization;
using System.Text.Json;
using EdgeGw.Abi;
using SQLitePCL;

namespace EdgeGw.Services.Database.Sqlite;

/// <summary>Binds parameters to a statement of SQLite, which copies them.</summary>
internal static class SqliteParameters
{
    /// <summary>Binds them all.</summary>
    public static void Bind(sqlite3 database, sqlite3_stmt statement, ReadOnlySpan<ServiceValue> parameters)
    {
        var wanted = raw.sqlite3_bind_parameter_count(statement);
        if (wanted > parameters.Length)
        {
            throw new ServiceException(AbiResult.Refused, $"The statement has {wanted} parameters and {parameters.Length} were given.", "08P01");
        }
        for (var i = 0; i < wanted; i++)
        {
            SqliteFaults.Check(database, Bind(statement, i + 1, parameters[i]));
        }
    }

    private static int Bind(sqlite3_stmt statement, int index, in ServiceValue value)
    {
        switch (value.Kind)
        {
            case AbiValueKind.Null:
                return raw.sqlite3_bind_null(statement, index);
            case AbiValueKind.Bool:
                return raw.sqlite3_bind_int64(statement, index, value.Integer != 0 ? 1 : 0);
            case AbiValueKind.Int64:
                return raw.sqlite3_bind_int64(statement, index, value.Integer);
            case AbiValueKind.Double:
                return raw.sqlite3_bind_double(statement, index, value.Real);
            case AbiValueKind.Blob:
                return value.Bytes.Length == 0 ? raw.sqlite3_bind_zeroblob(statement, index, 0) : raw.sqlite3_bind_blob(statement, index, value.Bytes.Span);
            case AbiValueKind.Text or AbiValueKind.Numeric or AbiValueKind.Json or AbiValueKind.Interval or AbiValueKind.Other:
                // An empty span would be taken for NULL.
                return value.Bytes.Length == 0 ? raw.sqlite3_bind_text(statement, index, "") : raw.sqlite3_bind_text(statement, index, value.Bytes.Span);
            case AbiValueKind.Array:
                var json = new ArrayBufferWriter<byte>();
                using (var writer = new Utf8JsonWriter(json))
                {
                    WriteJson(writer, value);
                }
                return raw.sqlite3_bind_text(statement, index, json.WrittenSpan);
            default:
                return raw.sqlite3_bind_text(statement, index, ValueText.Of(value));
        }
    }

    private static void WriteJson(Utf8JsonWriter writer, in ServiceValue value)
    {
        switch (value.Kind)
        {
            case AbiValueKind.Null:
            case AbiValueKind.Double when !double.IsFinite(value.Real):
                writer.WriteNullValue();
                break;
            case AbiValueKind.Bool:
                writer.WriteBooleanValue(value.Integer != 0);
                break;
            case AbiValueKind.Int64:
                writer.WriteNumberValue(value.Integer);
                break;
            case AbiValueKind.Double:
                writer.WriteNumberValue(value.Real);
                break;
            case AbiValueKind.Json:
                writer.WriteRawValue(value.Bytes.Span);
                break;
            case AbiValueKind.Blob:
                writer.WriteStringValue(Convert.ToHexString(value.Bytes.Span).ToLower(CultureInfo.InvariantCulture));
                break;
            case AbiValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in value.Items!)
                {
                    WriteJson(writer, item);
                }
                writer.WriteEndArray();
                break;
            default:
                writer.WriteStringValue(ValueText.Of(value));
                break;
        }
    }
}
