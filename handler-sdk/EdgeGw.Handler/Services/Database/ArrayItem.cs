using System.Runtime.CompilerServices;
using EdgeGw.Abi;
using EdgeGw.Interop;

namespace EdgeGw;

/// <summary>One element of an array. The compiler of each type keeps one of the branches.</summary>
internal static class ArrayItem
{
    public static T Read<T>(Page page, in AbiValue value, int column)
    {
        if (default(T) is null && ValueReader.IsNull(value))
            return default!;
        if (typeof(T) == typeof(string))
            return (T)(object)ValueReader.String(page, value, column);
        if (typeof(T) == typeof(byte[]))
            return (T)(object)ValueReader.Bytes(page, value, column);
        if (Is<T, bool>())
            return Pack<T, bool>(ValueReader.Boolean(page, value, column));
        if (Is<T, short>())
            return Pack<T, short>(ValueReader.Integer<short>(page, value, column));
        if (Is<T, int>())
            return Pack<T, int>(ValueReader.Integer<int>(page, value, column));
        if (Is<T, long>())
            return Pack<T, long>(ValueReader.Int64(page, value, column));
        if (Is<T, float>())
            return Pack<T, float>((float)ValueReader.Double(page, value, column));
        if (Is<T, double>())
            return Pack<T, double>(ValueReader.Double(page, value, column));
        if (Is<T, decimal>())
            return Pack<T, decimal>(ValueReader.Decimal(page, value, column));
        if (Is<T, Guid>())
            return Pack<T, Guid>(ValueReader.Guid(page, value, column));
        if (Is<T, DateTimeOffset>())
            return Pack<T, DateTimeOffset>(ValueReader.DateTimeOffset(page, value, column));
        if (Is<T, DateTime>())
            return Pack<T, DateTime>(ValueReader.DateTime(page, value, column));
        if (Is<T, DateOnly>())
            return Pack<T, DateOnly>(ValueReader.Date(page, value, column));
        if (Is<T, TimeOnly>())
            return Pack<T, TimeOnly>(ValueReader.Time(page, value, column));
        if (Is<T, TimeSpan>())
            return Pack<T, TimeSpan>(ValueReader.Interval(page, value, column));
        throw new NotSupportedException($"An array of {typeof(T).Name} cannot be read: use a type that Row.GetArray names.");
    }

    private static bool Is<T, TValue>() where TValue : struct => typeof(T) == typeof(TValue) || typeof(T) == typeof(TValue?);

    private static T Pack<T, TValue>(TValue value) where TValue : struct
    {
        if (typeof(T) == typeof(TValue))
            return Unsafe.As<TValue, T>(ref value);
        TValue? nullable = value;
        return Unsafe.As<TValue?, T>(ref nullable);
    }
}
