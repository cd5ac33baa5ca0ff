using System.Buffers.Binary;
using EdgeGw.Abi;
using EdgeGw.Interop;

namespace EdgeGw.Services.Database.Postgres;

/// <summary>Reads values as the server sends them in binary form, with no object in between: nothing is rounded, nothing is boxed. A type is known by its OID (pg_type.dat).</summary>
internal static class PostgresColumns
{
    private const long EpochMicroseconds = 946_684_800_000_000; // 2000-01-01
    private const int EpochDays = 10_957;

    /// <summary>Whether the gateway reads a type's binary form. The others are asked for as text.</summary>
    public static bool IsKnown(uint oid) => KindOf(oid) != AbiValueKind.Other || oid is PostgresTypes.Xml or PostgresTypes.Void || PostgresTypes.IsArray(oid);

    /// <summary>What a type's values are to a handler, arrays aside.</summary>
    public static AbiValueKind KindOf(uint oid) => oid switch
    {
        PostgresTypes.Bool => AbiValueKind.Bool,
        PostgresTypes.Int2 or PostgresTypes.Int4 or PostgresTypes.Int8 or PostgresTypes.Oid => AbiValueKind.Int64,
        PostgresTypes.Float4 or PostgresTypes.Float8 => AbiValueKind.Double,
        PostgresTypes.Text or PostgresTypes.Varchar or PostgresTypes.Bpchar or PostgresTypes.Name or PostgresTypes.Char or PostgresTypes.Unknown => AbiValueKind.Text,
        PostgresTypes.Bytea => AbiValueKind.Blob,
        PostgresTypes.Numeric => AbiValueKind.Numeric,
        PostgresTypes.Uuid => AbiValueKind.Uuid,
        PostgresTypes.Timestamptz => AbiValueKind.Timestamp,
        PostgresTypes.Timestamp => AbiValueKind.LocalTimestamp,
        PostgresTypes.Date => AbiValueKind.Date,
        PostgresTypes.Time => AbiValueKind.Time,
        PostgresTypes.Interval => AbiValueKind.Interval,
        PostgresTypes.Json or PostgresTypes.Jsonb => AbiValueKind.Json,
        _ => AbiValueKind.Other,
    };

    /// <summary>Whether a value's bytes are on the wire as a handler reads them, from <paramref name="skip"/> on.</summary>
    public static bool IsVerbatim(uint oid, out int skip)
    {
        skip = oid == PostgresTypes.Jsonb ? 1 : 0; // a version number
        return KindOf(oid) is AbiValueKind.Text or AbiValueKind.Blob or AbiValueKind.Json or AbiValueKind.Uuid || oid == PostgresTypes.Xml;
    }

    /// <summary>Appends a value.</summary>
    public static void Write(uint oid, ReadOnlySpan<byte> wire, ReplyBuilder reply)
    {
        if (IsVerbatim(oid, out var skip))
        {
            reply.Bytes(KindOf(oid), wire[skip..]);
            return;
        }
        switch (oid)
        {
            case PostgresTypes.Bool:
                reply.Bool(wire[0] != 0);
                break;
            case PostgresTypes.Int2:
                reply.Int64(BinaryPrimitives.ReadInt16BigEndian(wire));
                break;
            case PostgresTypes.Int4:
                reply.Int64(BinaryPrimitives.ReadInt32BigEndian(wire));
                break;
            case PostgresTypes.Oid:
                reply.Int64(BinaryPrimitives.ReadUInt32BigEndian(wire));
                break;
            case PostgresTypes.Int8:
                reply.Int64(BinaryPrimitives.ReadInt64BigEndian(wire));
                break;
            case PostgresTypes.Float4:
                reply.Double(BinaryPrimitives.ReadSingleBigEndian(wire));
                break;
            case PostgresTypes.Float8:
                reply.Double(BinaryPrimitives.ReadDoubleBigEndian(wire));
                break;
            case PostgresTypes.Numeric:
                reply.Shorten(PostgresNumeric.Write(wire, reply.Room(AbiValueKind.Numeric, PostgresNumeric.TextLength(wire))));
                break;
            case PostgresTypes.Timestamptz or PostgresTypes.Timestamp:
                reply.Whole(KindOf(oid), Moment(BinaryPrimitives.ReadInt64BigEndian(wire)));
                break;
            case PostgresTypes.Date:
                reply.Whole(AbiValueKind.Date, BinaryPrimitives.ReadInt32BigEndian(wire) switch
                {
                    int.MaxValue => long.MaxValue,
                    int.MinValue => long.MinValue,
                    var days => days + EpochDays,
                });
                break;
            case PostgresTypes.Time:
                reply.Whole(AbiValueKind.Time, BinaryPrimitives.ReadInt64BigEndian(wire));
                break;
            case PostgresTypes.Interval:
                reply.Text(AbiValueKind.Interval, new PostgresInterval(BinaryPrimitives.ReadInt32BigEndian(wire[12..]), BinaryPrimitives.ReadInt32BigEndian(wire[8..]),
                    BinaryPrimitives.ReadInt64BigEndian(wire)).ToString());
                break;
            case PostgresTypes.Void:
                reply.Null();
                break;
            default:
                WriteArray(wire, reply);
                break;
        }
    }

    /// <summary>Microseconds since 1970 as the server counts them, from 2000 on.</summary>
    public static long ToWire(long microseconds) => microseconds switch
    {
        long.MaxValue or long.MinValue => microseconds,
        < long.MinValue + EpochMicroseconds => throw OutOfRange(),
        _ => microseconds - EpochMicroseconds,
    };

    /// <summary>Days since 1970 as the server counts them.</summary>
    public static int DaysToWire(long days) => days switch
    {
        long.MaxValue => int.MaxValue,
        long.MinValue => int.MinValue,
        > int.MaxValue - 1 or < int.MinValue + 1 + EpochDays => throw OutOfRange(),
        _ => (int)days - EpochDays,
    };

    private static long Moment(long wire) => wire switch
    {
        long.MaxValue or long.MinValue => wire,
        // The years 292278 to 294276, which PostgreSQL has and microseconds since 1970 do not.
        > long.MaxValue - 1 - EpochMicroseconds => throw OutOfRange(),
        _ => wire + EpochMicroseconds,
    };

    // Header: dimensions, whether there are NULLs, the elements' type; per dimension its length and lower bound; per element its length, -1 for NULL.
    private static void WriteArray(ReadOnlySpan<byte> wire, ReplyBuilder reply)
    {
        var dimensions = BinaryPrimitives.ReadInt32BigEndian(wire);
        if (dimensions == 0)
        {
            reply.Array(0);
            return;
        }
        var at = 12 + (8 * dimensions);
        WriteItems(wire, 0, dimensions, BinaryPrimitives.ReadUInt32BigEndian(wire[8..]), ref at, reply);
    }

    private static void WriteItems(ReadOnlySpan<byte> wire, int dimension, int dimensions, uint element, ref int at, ReplyBuilder reply)
    {
        var count = BinaryPrimitives.ReadInt32BigEndian(wire[(12 + (8 * dimension))..]);
        for (var i = 0; i < count; i++)
        {
            if (dimension + 1 < dimensions)
            {
                WriteItems(wire, dimension + 1, dimensions, element, ref at, reply);
                continue;
            }
            var length = BinaryPrimitives.ReadInt32BigEndian(wire[at..]);
            at += 4;
            if (length < 0)
            {
                reply.Null();
            }
            else
            {
                Write(element, wire.Slice(at, length), reply);
                at += length;
            }
        }
        reply.Array(count);
    }

    private static ServiceException OutOfRange() => new(AbiResult.Refused, "A timestamp or date is outside of what the other side can hold.", "22008");
}
