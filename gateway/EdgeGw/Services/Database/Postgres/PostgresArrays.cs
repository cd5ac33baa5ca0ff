using EdgeGw.Abi;
using NpgsqlTypes;

namespace EdgeGw.Services.Database.Postgres;

/// <summary>Makes arrays of .NET from arrays of a handler's: all items of one type, all inner arrays of one length, as PostgreSQL wants them.</summary>
internal static class PostgresArrays
{
    private const int MostDimensions = 6;

    /// <summary>The type of an array. Text has to have one here: an array of untyped literals is nothing that can be sent.</summary>
    public static NpgsqlDbType TypeOf(in ServiceValue array)
    {
        NpgsqlDbType? element = null;
        Find(array, ref element);
        return NpgsqlDbType.Array | (element ?? NpgsqlDbType.Text);
    }

    /// <summary>The array.</summary>
    public static object Of(in ServiceValue array, NpgsqlDbType type) => (type & ~NpgsqlDbType.Array) switch
    {
        NpgsqlDbType.Boolean => Make<bool?>(array, static value => value.Integer != 0),
        NpgsqlDbType.Integer => Make<int?>(array, static value => (int)value.Integer),
        NpgsqlDbType.Date => Make<int?>(array, static value => PostgresColumns.DaysToWire(value.Integer)),
        NpgsqlDbType.Bigint or NpgsqlDbType.Time => Make<long?>(array, static value => value.Integer),
        NpgsqlDbType.TimestampTz or NpgsqlDbType.Timestamp => Make<long?>(array, static value => PostgresColumns.ToWire(value.Integer)),
        NpgsqlDbType.Double => Make<double?>(array, static value => value.Real),
        NpgsqlDbType.Bytea => Make<byte[]?>(array, static value => value.Bytes.ToArray()),
        NpgsqlDbType.Numeric => Make<decimal?>(array, static value => PostgresParameters.DecimalOf(value)),
        NpgsqlDbType.Uuid => Make<Guid?>(array, static value => PostgresParameters.UuidOf(value)),
        NpgsqlDbType.Interval => Make<NpgsqlInterval?>(array, static value => PostgresParameters.IntervalOf(value)),
        _ => Make<string?>(array, static value => PostgresParameters.TextOf(value)),
    };

    private static void Find(in ServiceValue array, ref NpgsqlDbType? element)
    {
        foreach (var item in array.Items!)
        {
            if (item.Kind == AbiValueKind.Array)
            {
                Find(item, ref element);
            }
            else if (item.Kind != AbiValueKind.Null)
            {
                var type = item.Kind switch
                {
                    AbiValueKind.Numeric when !PostgresParameters.IsExact(item) => throw Refused("An array's numeric has more digits than can be sent in an array: give the array as text.", "22003"),
                    AbiValueKind.Interval => NpgsqlDbType.Interval,
                    _ => PostgresParameters.TypeOf(item) is var own && own == NpgsqlDbType.Unknown ? NpgsqlDbType.Text : own,
                };
                element = element is not { } before || before == type ? type : Common(before, type);
            }
        }
    }

    private static NpgsqlDbType Common(NpgsqlDbType one, NpgsqlDbType other) =>
        one is NpgsqlDbType.Integer or NpgsqlDbType.Bigint && other is NpgsqlDbType.Integer or NpgsqlDbType.Bigint
            ? NpgsqlDbType.Bigint
            : throw Refused("The values of an array parameter are of different kinds.", "42804");

    private static Array Make<T>(in ServiceValue array, Func<ServiceValue, T> convert)
    {
        if (array.Items!.Length == 0 || array.Items[0].Kind != AbiValueKind.Array)
        {
            return Array.ConvertAll(array.Items, item => item.Kind switch
            {
                AbiValueKind.Null => default(T)!,
                AbiValueKind.Array => throw Uneven(),
                _ => convert(item),
            });
        }
        var lengths = new List<int>();
        for (var inner = array; inner.Items is { } items; inner = items[0])
        {
            lengths.Add(items.Length);
            if (items.Length == 0)
            {
                return Array.Empty<T>();
            }
        }
        // Written out: the lengths of an array that is made by reflection are unknown to NativeAOT.
        Array made = lengths switch
        {
            [var a, var b] => new T[a, b],
            [var a, var b, var c] => new T[a, b, c],
            [var a, var b, var c, var d] => new T[a, b, c, d],
            [var a, var b, var c, var d, var e] => new T[a, b, c, d, e],
            [var a, var b, var c, var d, var e, var f] => new T[a, b, c, d, e, f],
            _ => throw Refused($"An array parameter has more than {MostDimensions} dimensions.", "54000"),
        };
        FillAt(made, array, new int[lengths.Count], 0, convert);
        return made;
    }

    private static void FillAt<T>(Array made, in ServiceValue array, int[] at, int dimension, Func<ServiceValue, T> convert)
    {
        if (array.Items is not { } items || items.Length != made.GetLength(dimension))
        {
            throw Uneven();
        }
        for (var i = 0; i < items.Length; i++)
        {
            at[dimension] = i;
            if (dimension + 1 < at.Length)
            {
                FillAt(made, items[i], at, dimension + 1, convert);
            }
            else if (items[i].Kind == AbiValueKind.Array)
            {
                throw Uneven();
            }
            else if (items[i].Kind != AbiValueKind.Null)
            {
                made.SetValue(convert(items[i]), at);
            }
        }
    }

    private static ServiceException Uneven() => Refused("The arrays inside an array parameter are not of one length.", "2202E");

    private static ServiceException Refused(string sentence, string code) => new(AbiResult.Refused, sentence, code);
}
