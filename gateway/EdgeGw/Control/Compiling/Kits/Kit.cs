using System.Text;

namespace EdgeGw.Control.Compiling.Kits;

/// <summary>How sources with one list of packages are compiled: what MSBuild would tell the tools, learned once, so that a build starts the tools themselves.</summary>
/// <param name="Key">Hexadecimal; equal for equal results.</param>
/// <param name="Folder">Where it is.</param>
/// <param name="Compiler">The C# compiler's assembly.</param>
/// <param name="CompilerArguments">What is the same for all sources.</param>
/// <param name="Properties">The lines of the build's properties for generators, without those that each source has of its own.</param>
/// <param name="NativeCompiler">The native compiler.</param>
/// <param name="NativeArguments">What is the same for all sources.</param>
/// <param name="Linker">The C compiler's name, which links.</param>
/// <param name="LinkerArguments">What is the same for all sources.</param>
/// <param name="SymbolStripper">The name of objcopy.</param>
internal sealed record Kit(
    string Key, string Folder, string Compiler, IReadOnlyList<string> CompilerArguments, IReadOnlyList<string> Properties, string NativeCompiler, IReadOnlyList<string> NativeArguments,
    string Linker, IReadOnlyList<string> LinkerArguments, string SymbolStripper)
{
    private const string GeneratedProperties = ".GeneratedMSBuildEditorConfig.editorconfig";
    private static readonly string[] s_own = ["EdgeGwHandlerName", "EdgeGwMethod", "EdgeGwPath", "ProjectDir"];

    // What a source cannot change, taken over; the rest (output, sources, symbols) each build says for itself.
    private static readonly string[] s_kept =
        ["/reference:", "/analyzer:", "/define:", "/langversion:", "/nullable:", "/nowarn:", "/warn:", "/warnaserror", "/features:", "/checksumalgorithm:", "/additionalfile:", "/analyzerconfig:", "/filealign:"];

    /// <summary>Reads what the publish of the kit's project left. Throws <see cref="CompileFailedException"/> when that is not what was expected.</summary>
    internal static Kit Read(string key, string folder)
    {
        try
        {
            var tools = File.ReadAllLines(Path.Combine(folder, KitProject.ToolsFile));
            var compiler = File.ReadAllLines(Path.Combine(folder, KitProject.CompilerFile));
            var properties = compiler.First(argument => argument.EndsWith(GeneratedProperties, StringComparison.Ordinal))["/analyzerconfig:".Length..].Trim('"');
            var native = File.ReadAllLines(Path.Combine(folder, KitProject.NativeResponse(tools[4])));
            return new Kit(
                key, folder, Path.Combine(tools[0], "bincore", "csc.dll"), [.. CompilerLines(compiler, folder)],
                [.. File.ReadAllLines(Path.Combine(folder, properties)).Where(line => !s_own.Any(own => line.StartsWith($"build_property.{own} ", StringComparison.Ordinal)))],
                Path.Combine(tools[1], "ilc"), [.. native.Where(line => !IsOwn(line)).Select(line => Absolute(line, folder))],
                tools[2], [.. LinkerLines(File.ReadAllLines(Path.Combine(folder, KitProject.LinkerFile)))], tools[3]);
        }
        catch (Exception e) when (e is IOException or InvalidOperationException or IndexOutOfRangeException)
        {
            throw new CompileFailedException($"The .NET SDK of this machine did not leave what was expected of it ({e.Message}); this gateway knows SDK 10.");
        }
    }

    private static IEnumerable<string> CompilerLines(IEnumerable<string> arguments, string folder)
    {
        foreach (var argument in arguments)
        {
            if (Array.Find(s_kept, argument.StartsWith) is { } option && !argument.EndsWith(GeneratedProperties, StringComparison.Ordinal))
            {
                var value = argument[option.Length..].Trim('"');
                yield return option is "/reference:" or "/analyzer:" or "/additionalfile:" or "/analyzerconfig:" ? $"{option}\"{Path.GetFullPath(value, folder)}\"" : argument;
            }
            else if (!argument.StartsWith('/') && argument.Trim('"') is var file && file.EndsWith(".cs", StringComparison.Ordinal) && file != KitProject.ProbeFile)
            {
                yield return $"\"{Path.GetFullPath(file, folder)}\""; // what the SDK generates: using directives, the assembly's attributes
            }
        }
    }

    // The input, the output and the exports are each build's; debug information would be stripped again.
    private static bool IsOwn(string line) =>
        line.EndsWith($"/{KitProject.AssemblyName}.dll", StringComparison.Ordinal) && !line.StartsWith('-')
        || line.StartsWith("-o:", StringComparison.Ordinal) || line.StartsWith("--exportsfile:", StringComparison.Ordinal) || line == "-g" || line.Length == 0;

    private static string Absolute(string line, string folder) =>
        line.StartsWith("-r:", StringComparison.Ordinal) ? "-r:" + Path.GetFullPath(line[3..], folder) : line;

    // Each line is a piece of a shell's command line.
    private static IEnumerable<string> LinkerLines(IEnumerable<string> lines)
    {
        foreach (var line in lines)
        {
            if (line.StartsWith("-o ", StringComparison.Ordinal) || line.Contains("--version-script=", StringComparison.Ordinal) || line.Trim('"').EndsWith($"/{KitProject.AssemblyName}.o", StringComparison.Ordinal))
            {
                continue;
            }
            foreach (var word in Words(line))
            {
                yield return word;
            }
        }
    }

    // As a shell would split it: quotes of either kind keep what is between them together.
    private static IEnumerable<string> Words(string line)
    {
        var word = new StringBuilder();
        var quote = '\0';
        foreach (var c in line)
        {
            if (quote == '\0' && c is ('"' or '\''))
            {
                quote = c;
            }
            else if (c == quote)
            {
                quote = '\0';
            }
            else if (c != ' ' || quote != '\0')
            {
                word.Append(c);
            }
            else if (word.Length > 0)
            {
                yield return word.ToString();
                word.Clear();
            }
        }
        if (word.Length > 0)
        {
            yield return word.ToString();
        }
    }
}
