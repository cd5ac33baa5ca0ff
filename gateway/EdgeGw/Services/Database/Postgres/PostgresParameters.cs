using System.Buffers.Text;
using System.Text;
using System.Text.Unicode;
using EdgeGw.Abi;
using Npgsql;
using NpgsqlTypes;

namespace EdgeGw.Services.Database.Postgres;

/// <summary>Gives a handler's values to Npgsql. The types are those that PostgreSQL would give the same values written into the statement: text is an untyped literal that becomes what
/// its place asks for, and a whole number is an <c>integer</c> when it fits, else a <c>bigint</c>.</summary>
internal static class PostgresParameters
{
    // A decimal of .NET holds that many digits whatever they are.
    private const int ExactDigits = 28;

    /// <summary>The type that a value is sent as. NULL has none of its own.</summary>
    public static NpgsqlDbType TypeOf(in ServiceValue value) => value.Kind switch
    {
        AbiValueKind.Bool => NpgsqlDbType.Boolean,
        AbiValueKind.Int64 => value.Integer is >= int.MinValue and <= int.MaxValue ? NpgsqlDbType.Integer : NpgsqlDbType.Bigint,
        AbiValueKind.Double => NpgsqlDbType.Double,
        AbiValueKind.Blob => NpgsqlDbType.Bytea,
        AbiValueKind.Numeric => IsExact(value) ? NpgsqlDbType.Numeric : NpgsqlDbType.Unknown,
        AbiValueKind.Uuid => NpgsqlDbType.Uuid,
        AbiValueKind.Timestamp => NpgsqlDbType.TimestampTz,
        AbiValueKind.LocalTimestamp => NpgsqlDbType.Timestamp,
        AbiValueKind.Date => NpgsqlDbType.Date,
        AbiValueKind.Time => NpgsqlDbType.Time,
        AbiValueKind.Interval => PostgresInterval.TryParse(value.Bytes.Span, out _) ? NpgsqlDbType.Interval : NpgsqlDbType.Unknown,
        AbiValueKind.Json => NpgsqlDbType.Jsonb,
        AbiValueKind.Array => PostgresArrays.TypeOf(value),
        _ => NpgsqlDbType.Unknown,
    };

    /// <summary>A parameter of a type, to be filled again and again.</summary>
    public static NpgsqlParameter Create(NpgsqlDbType type) => type switch
    {
        NpgsqlDbType.Boolean => new NpgsqlParameter<bool> { NpgsqlDbType = type },
        NpgsqlDbType.Integer or NpgsqlDbType.Date => new NpgsqlParameter<int> { NpgsqlDbType = type },
        NpgsqlDbType.Bigint or NpgsqlDbType.TimestampTz or NpgsqlDbType.Timestamp or NpgsqlDbType.Time => new NpgsqlParameter<long> { NpgsqlDbType = type },
        NpgsqlDbType.Double => new NpgsqlParameter<double> { NpgsqlDbType = type },
        NpgsqlDbType.Bytea or NpgsqlDbType.Jsonb => new NpgsqlParameter<ReadOnlyMemory<byte>> { NpgsqlDbType = type },
        NpgsqlDbType.Numeric => new NpgsqlParameter<decimal> { NpgsqlDbType = type },
        NpgsqlDbType.Uuid => new NpgsqlParameter<Guid> { NpgsqlDbType = type },
        NpgsqlDbType.Interval => new NpgsqlParameter<NpgsqlInterval> { NpgsqlDbType = type },
        NpgsqlDbType.Unknown => new NpgsqlParameter<string> { NpgsqlDbType = type },
        _ => new NpgsqlParameter { NpgsqlDbType = type },
    };

    /// <summary>A NULL of a type.</summary>
    public static NpgsqlParameter CreateNull(NpgsqlDbType type) => new() { NpgsqlDbType = type, Value = DBNull.Value };

    /// <summary>Fills a parameter that <see cref="Create"/> made for the value's type.</summary>
    public static void Fill(NpgsqlParameter parameter, in ServiceValue value)
    {
        switch (parameter)
        {
            case NpgsqlParameter<string> text:
                text.TypedValue = TextOf(value);
                break;
            case NpgsqlParameter<int> number:
                number.TypedValue = value.Kind == AbiValueKind.Date ? PostgresColumns.DaysToWire(value.Integer) : (int)value.Integer;
                break;
            case NpgsqlParameter<long> number:
                number.TypedValue = value.Kind is AbiValueKind.Timestamp or AbiValueKind.LocalTimestamp ? PostgresColumns.ToWire(value.Integer) : value.Integer;
                break;
            case NpgsqlParameter<bool> truth:
                truth.TypedValue = value.Integer != 0;
                break;
            case NpgsqlParameter<double> real:
                real.TypedValue = value.Real;
                break;
            case NpgsqlParameter<ReadOnlyMemory<byte>> bytes:
                bytes.TypedValue = value.Bytes;
                break;
            case NpgsqlParameter<decimal> number:
                number.TypedValue = DecimalOf(value);
                break;
            case NpgsqlParameter<Guid> uuid:
                uuid.TypedValue = UuidOf(value);
                break;
            case NpgsqlParameter<NpgsqlInterval> interval:
                interval.TypedValue = IntervalOf(value);
                break;
            default:
                parameter.Value = PostgresArrays.Of(value, parameter.NpgsqlDbType);
                break;
        }
    }

    /// <summary>The text of a value that has one; what is no UTF-8 is refused as the server would refuse it, not mended.</summary>
    public static string TextOf(in ServiceValue value) => Utf8.IsValid(value.Bytes.Span)
        ? Encoding.UTF8.GetString(value.Bytes.Span)
        : throw new ServiceException(AbiResult.Refused, "A text parameter is no valid UTF-8: give bytes as a blob.", "22021");

    /// <summary>An exact decimal.</summary>
    public static decimal DecimalOf(in ServiceValue value) => Utf8Parser.TryParse(value.Bytes.Span, out decimal number, out var used) && used == value.Bytes.Length
        ? number
        : throw new ServiceException(AbiResult.Refused, "A numeric parameter is no decimal number.", "22P02");

    /// <summary>A uuid.</summary>
    public static Guid UuidOf(in ServiceValue value) => new(value.Bytes.Span, bigEndian: true);

    /// <summary>An interval whose text has been read before.</summary>
    public static NpgsqlInterval IntervalOf(in ServiceValue value) => PostgresInterval.TryParse(value.Bytes.Span, out var interval)
        ? new NpgsqlInterval(interval.Months, interval.Days, interval.Microseconds)
        : throw new ServiceException(AbiResult.Refused, "An interval parameter is no ISO 8601 duration.", "22007");

    /// <summary>Whether a decimal's text is held by <see cref="decimal"/> digit by digit.</summary>
    public static bool IsExact(in ServiceValue value)
    {
        var text = value.Bytes.Span;
        return text.Length <= ExactDigits + 2 && text.IndexOfAny((byte)'e', (byte)'E') < 0 && Utf8Parser.TryParse(text, out decimal _, out var used) && used == text.Length
            && Digits(text) <= ExactDigits;
    }

    private static int Digits(ReadOnlySpan<byte> text) => text.Length - text.Count((byte)'.') - text.Count((byte)'-') - text.Count((byte)'+');
}
