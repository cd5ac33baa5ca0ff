using EdgeGw.Abi;
using EdgeGw.Services;

namespace EdgeGw.Interop;

/// <summary>Takes values that a handler gives as parameters.</summary>
internal static unsafe class ValueArguments
{
    /// <summary>The most values of one call, those inside arrays included.</summary>
    public const int MostValues = 1 << 20;

    // As deep as PostgreSQL's arrays go.
    private const int MostDepth = 6;

    /// <summary>Whether the values may be read; <paramref name="budget"/> counts down from <see cref="MostValues"/>.</summary>
    public static bool AreValid(AbiValue* values, nuint count, ref int budget, int depth = 0)
    {
        if (count == 0)
        {
            return true;
        }
        if (values is null || depth > MostDepth || count > (nuint)budget)
        {
            return false;
        }
        budget -= (int)count;
        foreach (ref readonly var value in new ReadOnlySpan<AbiValue>(values, (int)count))
        {
            if (value.Kind == AbiValueKind.Array ? !AreValid(value.As.Items, value.Length, ref budget, depth + 1) : !IsValid(value))
            {
                return false;
            }
        }
        return true;
    }

    /// <summary>Copies a valid value.</summary>
    public static ServiceValue Copy(in AbiValue value, ArgumentBuffer arguments)
    {
        switch (value.Kind)
        {
            case AbiValueKind.Null:
                return default;
            case AbiValueKind.Array:
                var items = new ServiceValue[value.Length];
                for (var i = 0; i < items.Length; i++)
                {
                    items[i] = Copy(value.As.Items[i], arguments);
                }
                return new ServiceValue(AbiValueKind.Array, 0, default, items);
            case var kind when IsWhole(kind):
                return new ServiceValue(kind, value.As.Integer, default, null);
            case > AbiValueKind.Other:
                // As the header says of a kind that is not known here.
                return value.Length == 0 ? default : new ServiceValue(AbiValueKind.Text, 0, arguments.Copy(value.AsSpan()), null);
            default:
                return new ServiceValue(value.Kind, 0, arguments.Copy(value.AsSpan()), null);
        }
    }

    private static bool IsValid(in AbiValue value) => IsWhole(value.Kind) || value.Kind == AbiValueKind.Null
        || (value.Length <= int.MaxValue && (value.Length == 0 || value.As.Data is not null) && (value.Kind != AbiValueKind.Uuid || value.Length == 16));

    private static bool IsWhole(AbiValueKind kind) => kind is AbiValueKind.Bool or AbiValueKind.Int64 or AbiValueKind.Double or AbiValueKind.Timestamp
        or AbiValueKind.LocalTimestamp or AbiValueKind.Date or AbiValueKind.Time;
}
