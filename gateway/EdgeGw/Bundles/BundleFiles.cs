using System.Text;
using EdgeGw.Documents;

namespace EdgeGw.Bundles;

/// <summary>What every reader of a bundle does with its files.</summary>
internal static class BundleFiles
{
    private const int MaxVariables = 10_000;

    /// <summary>Reads the bundle's document. Throws <see cref="BundleRefusedException"/> with every fault.</summary>
    /// <param name="files">The bundle.</param>
    /// <param name="environment">Variables beside those that come with the bundle, which they go before.</param>
    /// <param name="used">The variables that are filled in.</param>
    internal static Bundle Read(this IBundleFiles files, Func<string, string?> environment, out IReadOnlyDictionary<string, string> used)
    {
        if (!files.Has(files.Document))
        {
            throw new BundleRefusedException($"{files.Origin} has no {files.Document}.");
        }
        var faults = new DocumentFaults(files.Document);
        var own = files.Has(Bundle.VariablesFile) ? Variables(files.ReadSmall(Bundle.VariablesFile), faults) : [];
        var variables = new BundleVariables(name => environment(name) ?? own.GetValueOrDefault(name), faults);
        var bundle = BundleReader.Read(files.ReadSmall(files.Document), variables, files.Has, faults);
        used = variables.Used;
        return bundle ?? throw new BundleRefusedException($"{files.Origin} is not a bundle that can be applied; nothing was changed.", faults.All);
    }

    /// <summary>The bytes of <see cref="Bundle.VariablesFile"/> that gives these variables.</summary>
    internal static byte[] WriteVariables(IReadOnlyDictionary<string, string> variables) =>
        Encoding.UTF8.GetBytes(string.Concat(variables.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={Escape(pair.Value)}\n")));

    private static byte[] ReadSmall(this IBundleFiles files, string name)
    {
        using var stream = files.Open(name);
        using var content = new MemoryStream();
        var piece = new byte[64 * 1024];
        while (stream.Read(piece) is > 0 and var read)
        {
            content.Write(piece, 0, read);
            if (content.Length > BundleReader.Bounds.MaxBytes)
            {
                throw new BundleRefusedException($"{name} has more than {BundleReader.Bounds.MaxBytes} bytes.");
            }
        }
        return content.ToArray();
    }

    // NAME=VALUE lines, '#' for remarks; a value is taken as it is, with \n and \\ for what a line cannot hold.
    private static Dictionary<string, string> Variables(byte[] utf8, DocumentFaults faults)
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        var number = 0;
        foreach (var line in Encoding.UTF8.GetString(utf8).TrimStart('\uFEFF').Split('\n').Select(line => line.TrimEnd('\r')))
        {
            number++;
            if (line.Length == 0 || line.StartsWith('#'))
            {
                continue;
            }
            var cut = line.IndexOf('=', StringComparison.Ordinal);
            if (cut <= 0 || !BundleVariables.IsName(line[..cut]))
            {
                faults.Add($"{Bundle.VariablesFile}:{number}:1: A line is NAME=VALUE, with a name of letters, digits and '_'.");
            }
            else if (!variables.TryAdd(line[..cut], Unescape(line[(cut + 1)..])))
            {
                faults.Add($"{Bundle.VariablesFile}:{number}:1: {line[..cut]} is given twice.");
            }
            if (variables.Count > MaxVariables)
            {
                faults.Add($"{Bundle.VariablesFile}:{number}:1: There are more than {MaxVariables} variables.");
                break;
            }
        }
        return variables;
    }

    private static string Escape(string value) => value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal).Replace("\r", "\\r", StringComparison.Ordinal);

    private static string Unescape(string value)
    {
        if (!value.Contains('\\', StringComparison.Ordinal))
        {
            return value;
        }
        var text = new StringBuilder();
        for (var i = 0; i < value.Length; i++)
        {
            var c = value[i] == '\\' && i + 1 < value.Length && value[i + 1] is '\\' or 'n' or 'r' ? value[++i] : '\0';
            text.Append(c switch { '\\' => '\\', 'n' => '\n', 'r' => '\r', _ => value[i] });
        }
        return text.ToString();
    }
}
