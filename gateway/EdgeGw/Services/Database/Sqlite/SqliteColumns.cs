using System.Text.Unicode;
using EdgeGw.Abi;
using EdgeGw.Interop;
using SQLitePCL;

namespace EdgeGw.Services.Database.Sqlite;

/// <summary>Reads columns of SQLite as typed values: by the declared type of the table's column where the value fits it, else by how SQLite has stored it.</summary>
internal static class SqliteColumns
{
    /// <summary>The kind that a column's declaration means; <see cref="AbiValueKind.Null"/> for none of its own.</summary>
    public static AbiValueKind KindOf(string? declared)
    {
        if (declared is null)
        {
            return AbiValueKind.Null;
        }
        var type = declared.AsSpan();
        var parenthesis = type.IndexOf('(');
        var name = (parenthesis < 0 ? type : type[..parenthesis]).Trim();
        Span<char> upper = stackalloc char[32];
        if (name.Length > upper.Length)
        {
            return AbiValueKind.Null;
        }
        name.ToUpperInvariant(upper);
        return upper[..name.Length] switch
        {
            "BOOL" or "BOOLEAN" => AbiValueKind.Bool,
            "NUMERIC" or "DECIMAL" or "NUMERIC_TEXT" or "DECIMAL_TEXT" => AbiValueKind.Numeric,
            "UUID" => AbiValueKind.Uuid,
            "TIMESTAMPTZ" => AbiValueKind.Timestamp,
            "TIMESTAMP" or "DATETIME" => type.EndsWith("with time zone", StringComparison.OrdinalIgnoreCase) ? AbiValueKind.Timestamp : AbiValueKind.LocalTimestamp,
            "TIMESTAMP WITH TIME ZONE" => AbiValueKind.Timestamp,
            "TIMESTAMP WITHOUT TIME ZONE" => AbiValueKind.LocalTimestamp,
            "DATE" => AbiValueKind.Date,
            "TIME" => AbiValueKind.Time,
            "INTERVAL" => AbiValueKind.Interval,
            "JSON" or "JSONB" => AbiValueKind.Json,
            _ => AbiValueKind.Null,
        };
    }

    /// <summary>About how many bytes a value takes in a reply.</summary>
    public static long SizeOf(sqlite3_stmt statement, int column) =>
        16 + (raw.sqlite3_column_type(statement, column) is raw.SQLITE_TEXT or raw.SQLITE_BLOB ? raw.sqlite3_column_bytes(statement, column) : 0);

    /// <summary>Appends a value.</summary>
    public static void Write(sqlite3_stmt statement, int column, AbiValueKind kind, ReplyBuilder reply)
    {
        switch (raw.sqlite3_column_type(statement, column))
        {
            case raw.SQLITE_INTEGER:
                WriteInteger(raw.sqlite3_column_int64(statement, column), kind, reply);
                break;
            case raw.SQLITE_FLOAT when kind is AbiValueKind.Numeric or AbiValueKind.Json:
                reply.Text(kind, ValueText.Double(raw.sqlite3_column_double(statement, column)));
                break;
            case raw.SQLITE_FLOAT:
                reply.Double(raw.sqlite3_column_double(statement, column));
                break;
            case raw.SQLITE_TEXT:
                WriteText(raw.sqlite3_column_blob(statement, column), kind, reply);
                break;
            case raw.SQLITE_BLOB:
                var bytes = raw.sqlite3_column_blob(statement, column);
                reply.Bytes(kind == AbiValueKind.Uuid && bytes.Length == 16 ? AbiValueKind.Uuid : AbiValueKind.Blob, bytes);
                break;
            default:
                reply.Null();
                break;
        }
    }

    private static void WriteInteger(long value, AbiValueKind kind, ReplyBuilder reply)
    {
        // A number in a column of JSON has been made one by SQLite.
        if (kind is AbiValueKind.Numeric or AbiValueKind.Json)
        {
            Span<char> text = stackalloc char[20];
            value.TryFormat(text, out var length, default, System.Globalization.CultureInfo.InvariantCulture);
            reply.Text(kind, text[..length]);
        }
        else
        {
            reply.Whole(kind == AbiValueKind.Bool && value is 0 or 1 ? AbiValueKind.Bool : AbiValueKind.Int64, value);
        }
    }

    private static void WriteText(ReadOnlySpan<byte> text, AbiValueKind kind, ReplyBuilder reply)
    {
        var number = 0L;
        switch (kind)
        {
            case AbiValueKind.Timestamp or AbiValueKind.LocalTimestamp when ValueText.TryTimestamp(text, out number):
            case AbiValueKind.Date when ValueText.TryDate(text, out number):
            case AbiValueKind.Time when ValueText.TryTime(text, out number):
                reply.Whole(kind, number);
                break;
            case AbiValueKind.Uuid when Guid.TryParse(text, out var uuid):
                uuid.TryWriteBytes(reply.Room(AbiValueKind.Uuid, 16), bigEndian: true, out _);
                break;
            case AbiValueKind.Json when Utf8.IsValid(text):
            case AbiValueKind.Interval when ValueText.IsInterval(text):
            case AbiValueKind.Numeric when ValueText.IsNumeric(text):
                reply.Bytes(kind, text);
                break;
            default:
                // Other programs may have written what is no text; a handler must be able to rely on UTF-8.
                reply.Bytes(Utf8.IsValid(text) ? AbiValueKind.Text : AbiValueKind.Blob, text);
                break;
        }
    }
}
