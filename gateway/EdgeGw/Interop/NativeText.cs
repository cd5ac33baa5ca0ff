using System.Runtime.InteropServices;
using System.Text;
using EdgeGw.Abi;

namespace EdgeGw.Interop;

/// <summary>Text for libraries that lives until the process ends. Never freed, so never used per request.</summary>
internal static unsafe class NativeText
{
    /// <summary>Copies text as UTF-8.</summary>
    public static AbiText Immortal(string text)
    {
        var length = Encoding.UTF8.GetByteCount(text);
        var data = (byte*)NativeMemory.Alloc((nuint)length + 1);
        Encoding.UTF8.GetBytes(text, new Span<byte>(data, length));
        return new AbiText(data, length);
    }

    /// <summary>Reads what a library gave: invalid UTF-8 is replaced, and more than <paramref name="max"/> bytes are cut.</summary>
    public static string Read(AbiText text, int max)
    {
        if (text.Data is null || text.Length == 0)
        {
            return "";
        }
        return Encoding.UTF8.GetString(text.Data, (int)Math.Min(text.Length, (nuint)max));
    }
}

/// <summary>A deployment's settings as native text, ready to be handed out. Immutable.</summary>
internal sealed class ConfigTexts
{
    private readonly Dictionary<string, AbiText> _values = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Copies the settings.</summary>
    public ConfigTexts(IReadOnlyDictionary<string, string> settings)
    {
        foreach (var (key, value) in settings)
        {
            _values[key] = NativeText.Immortal(value);
        }
    }

    /// <summary>The value of a key.</summary>
    public bool TryGet(string key, out AbiText value) => _values.TryGetValue(key, out value);
}
