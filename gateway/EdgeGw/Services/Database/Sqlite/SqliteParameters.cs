using System.Buffers;
using System.Globalization;
using System.Text.Json;
using System.Text.Unicode;
using EdgeGw.Abi;
using SQLitePCL;

namespace EdgeGw.Services.Database.Sqlite;

/// <summary>Binds parameters to a statement of SQLite, which copies them.</summary>
internal static class SqliteParameters
{
    // As deep as SQLite's own JSON functions go.
    private const int MostDepth = 1_000;

    /// <summary>Binds them all.</summary>
    public static void Bind(sqlite3 database, SqliteStatement statement, ReadOnlySpan<ServiceValue> parameters)
    {
        if (statement.Parameters != parameters.Length)
        {
            throw new ServiceException(AbiResult.Refused, $"The statement has {statement.Parameters} parameters and {parameters.Length} were given.", "08P01");
        }
        for (var i = 0; i < parameters.Length; i++)
        {
            SqliteFaults.Check(database, Bind(statement.Handle, i + 1, parameters[i]));
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
            case AbiValueKind.Double when double.IsNaN(value.Real):
                throw Wrong("22003", "a double that is not a number, which SQLite cannot hold");
            case AbiValueKind.Double:
                return raw.sqlite3_bind_double(statement, index, value.Real);
            case AbiValueKind.Blob:
                return value.Bytes.Length == 0 ? raw.sqlite3_bind_zeroblob(statement, index, 0) : raw.sqlite3_bind_blob(statement, index, value.Bytes.Span);
            case AbiValueKind.Text or AbiValueKind.Numeric or AbiValueKind.Json or AbiValueKind.Interval or AbiValueKind.Other:
                Check(value);
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

    // What PostgreSQL would refuse, SQLite must not take.
    private static void Check(in ServiceValue value)
    {
        var text = value.Bytes.Span;
        if (!Utf8.IsValid(text) || text.Contains((byte)0))
        {
            throw Wrong("22021", "text that is not UTF-8, or has a zero byte");
        }
        if (value.Kind == AbiValueKind.Json && !IsJson(text))
        {
            throw Wrong("22P02", "no JSON text");
        }
        if (value.Kind == AbiValueKind.Numeric && !ValueText.IsNumeric(text))
        {
            throw Wrong("22P02", "no decimal number");
        }
        if (value.Kind == AbiValueKind.Interval && !ValueText.IsInterval(text))
        {
            throw Wrong("22007", "no ISO 8601 duration");
        }
    }

    private static bool IsJson(ReadOnlySpan<byte> text)
    {
        try
        {
            var reader = new Utf8JsonReader(text, new JsonReaderOptions { MaxDepth = MostDepth });
            while (reader.Read())
            {
            }
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static ServiceException Wrong(string code, string what) => new(AbiResult.Refused, $"A parameter is {what}.", code);

    private static void WriteJson(Utf8JsonWriter writer, in ServiceValue value)
    {
        switch (value.Kind)
        {
            case AbiValueKind.Null:
                writer.WriteNullValue();
                break;
            case AbiValueKind.Double when !double.IsFinite(value.Real):
                throw Wrong("22003", "an array with a double that is not finite, which SQLite cannot hold");
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
                Check(value);
                writer.WriteRawValue(value.Bytes.Span, skipInputValidation: true);
                break;
            case AbiValueKind.Text or AbiValueKind.Numeric or AbiValueKind.Interval or AbiValueKind.Other:
                Check(value);
                writer.WriteStringValue(value.Bytes.Span);
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
