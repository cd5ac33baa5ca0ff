using System.Reflection;
using System.Text;

namespace EdgeGw.Abi.Tests;

/// <summary>How the C# mirrors are named in C, and which there are.</summary>
internal static class CNames
{
    /// <summary>The prefix of each enum's constants in C.</summary>
    public static readonly IReadOnlyDictionary<Type, string> EnumPrefixes = new Dictionary<Type, string>
    {
        [typeof(AbiResult)] = "EDGEGW_",
        [typeof(AbiRequestFlags)] = "EDGEGW_REQUEST_",
        [typeof(AbiProperty)] = "EDGEGW_PROPERTY_",
        [typeof(AbiLogLevel)] = "EDGEGW_LOG_",
        [typeof(AbiValueKind)] = "EDGEGW_VALUE_",
        [typeof(AbiCacheCondition)] = "EDGEGW_CACHE_",
        [typeof(AbiIsolation)] = "EDGEGW_ISOLATION_",
        [typeof(AbiTransactionFlags)] = "EDGEGW_TRANSACTION_",
        [typeof(AbiPresign)] = "EDGEGW_PRESIGN_",
        [typeof(AbiObject)] = "EDGEGW_OBJECT_",
    };

    // Only ever passed to be read.
    private static readonly HashSet<Type> s_given = [typeof(AbiReply), typeof(AbiValue), typeof(AbiStatement), typeof(AbiCacheKey), typeof(AbiCacheEntry), typeof(AbiMetadata), typeof(AbiHttpRequest)];

    public static IEnumerable<Type> Structs => typeof(AbiText).Assembly.GetExportedTypes().Where(type => type.IsValueType && !type.IsEnum).OrderBy(type => type.Name);

    public static IEnumerable<Type> Enums => typeof(AbiText).Assembly.GetExportedTypes().Where(type => type.IsEnum);

    public static IEnumerable<FieldInfo> FieldsOf(Type type) => type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic);

    /// <summary><c>AbiExchangeV1</c> is <c>edgegw_exchange_v1</c>.</summary>
    public static string Struct(Type type) => "edgegw_" + Snake(type.Name["Abi".Length..]);

    /// <summary><c>GetTable</c> is <c>get_table</c>.</summary>
    public static string Snake(string pascal)
    {
        var text = new StringBuilder();
        foreach (var letter in pascal)
        {
            if (char.IsUpper(letter) && text.Length > 0)
            {
                text.Append('_');
            }

            text.Append(char.ToLowerInvariant(letter));
        }

        return text.ToString();
    }

    /// <summary>The C type of a field, argument or result, as the headers write it.</summary>
    public static string TypeOf(Type type, bool isResult = false)
    {
        if (type.IsFunctionPointer)
        {
            return Function(type, "");
        }

        if (type.IsPointer)
        {
            var target = type.GetElementType()!;
            // What the gateway owns is read-only to a library.
            var isConst = target == typeof(AbiHost) || target == typeof(AbiRequest) || (target == typeof(void) && isResult) || s_given.Contains(target);
            return $"{(isConst ? "const " : "")}{TypeOf(target)} *";
        }

        return type switch
        {
            _ when type == typeof(void) => "void",
            _ when type == typeof(AbiResult) => "edgegw_result",
            _ when type.IsEnum => TypeOf(Enum.GetUnderlyingType(type)),
            _ when type == typeof(byte) => "uint8_t",
            _ when type == typeof(ushort) => "uint16_t",
            _ when type == typeof(uint) => "uint32_t",
            _ when type == typeof(ulong) => "uint64_t",
            _ when type == typeof(long) => "int64_t",
            _ when type == typeof(nuint) => "size_t",
            _ => Struct(type),
        };
    }

    /// <summary>A function pointer with a name: <c>edgegw_result (*name)(uint64_t, edgegw_text)</c>.</summary>
    public static string Function(Type type, string name) =>
        $"{TypeOf(type.GetFunctionPointerReturnType(), isResult: true)} (*{name})({string.Join(", ", type.GetFunctionPointerParameterTypes().Select(argument => TypeOf(argument)))})";
}
