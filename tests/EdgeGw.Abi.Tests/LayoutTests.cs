using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;
using EdgeGw.Tests.Support;

namespace EdgeGw.Abi.Tests;

/// <summary>The C headers and their C# mirrors say the same. A generated C program tells the C side; reflection tells the other.</summary>
public sealed partial class LayoutTests
{
    [Test]
    public async Task Every_size_offset_constant_and_enum_value_is_equal_in_C_and_CSharp([Values(CCompiler.C11, CCompiler.Cpp17)] string standard)
    {
        var expected = new SortedDictionary<string, long>();
        foreach (var type in CNames.Structs)
        {
            var name = CNames.Struct(type);
            expected[$"sizeof({name})"] = Marshal.SizeOf(type);
            foreach (var field in CNames.FieldsOf(type))
            {
                expected[$"offsetof({name}, {CNames.Snake(field.Name)})"] = Marshal.OffsetOf(type, field.Name);
                expected[$"sizeof((({name} *)0)->{CNames.Snake(field.Name)})"] = SizeOf(field.FieldType);
            }
        }

        foreach (var type in CNames.Enums)
        {
            foreach (var member in Enum.GetValues(type).Cast<Enum>().Where(member => !IsNone(member)))
            {
                expected[CNames.EnumPrefixes[type] + CNames.Snake(member.ToString()).ToUpperInvariant()] = Convert.ToInt64(member, CultureInfo.InvariantCulture);
            }
        }

        expected["EDGEGW_ABI_MAJOR"] = AbiVersion.Major;
        expected["EDGEGW_ABI_MINOR"] = AbiVersion.Minor;

        var program = new StringBuilder("#include <edgegw.h>\n#include <stdio.h>\nint main(void) {\n");
        foreach (var expression in expected.Keys)
        {
            program.Append(CultureInfo.InvariantCulture, $"    printf(\"%s=%lld\\n\", \"{expression}\", (long long)({expression}));\n");
        }

        using var folder = new TemporaryFolder();
        await CCompiler.CompileAsync(folder.Write("layout.c", program.Append("    return 0;\n}\n").ToString()), standard, folder["layout"]);
        var run = await Command.RunAsync(folder["layout"], []);

        Assert.That(run.Output.TrimEnd().Split('\n'), Is.EqualTo(expected.Select(pair => $"{pair.Key}={pair.Value}")));
    }

    [Test]
    public async Task Every_function_has_the_same_signature_in_C_and_CSharp()
    {
        // Assigning a function pointer of another type is an error in C, so that compiling is the test.
        var program = new StringBuilder("#include <edgegw.h>\n");
        foreach (var type in CNames.Structs)
        {
            foreach (var field in CNames.FieldsOf(type).Where(field => field.FieldType.IsFunctionPointer))
            {
                program.Append(CultureInfo.InvariantCulture, $"void check_{CNames.Struct(type)}_{CNames.Snake(field.Name)}({CNames.Struct(type)} *table);\n");
                program.Append(CultureInfo.InvariantCulture, $"void check_{CNames.Struct(type)}_{CNames.Snake(field.Name)}({CNames.Struct(type)} *table) {{ ");
                program.Append(CultureInfo.InvariantCulture, $"{CNames.Function(field.FieldType, "function")} = table->{CNames.Snake(field.Name)}; (void)function; }}\n");
            }
        }

        using var folder = new TemporaryFolder();
        await CCompiler.CompileAsync(folder.Write("signatures.c", program.ToString()), CCompiler.C11);
    }

    [Test]
    public void Every_struct_field_and_constant_of_the_headers_has_a_mirror()
    {
        var headers = string.Concat(Directory.EnumerateFiles(Repository.Path("native-abi/include"), "*.h", SearchOption.AllDirectories).Order().Select(file => Comment().Replace(File.ReadAllText(file), "")));
        var structs = CNames.Structs.ToDictionary(CNames.Struct);
        var constants = CNames.Enums.SelectMany(type => Enum.GetNames(type).Select(name => CNames.EnumPrefixes[type] + CNames.Snake(name).ToUpperInvariant())).ToHashSet();

        Assert.Multiple(() =>
        {
            Assert.That(StructDefinition().Matches(headers).Select(match => match.Groups["name"].Value), Is.EquivalentTo(structs.Keys));
            foreach (Match match in StructDefinition().Matches(headers))
            {
                var declarations = match.Groups["body"].Value.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
                var mirror = structs.TryGetValue(match.Groups["name"].Value, out var type) ? CNames.FieldsOf(type).Select(field => CNames.Snake(field.Name)) : [];
                Assert.That(declarations.Select(NameOf), Is.EqualTo(mirror), match.Groups["name"].Value);
            }

            foreach (Match match in EnumConstant().Matches(headers))
            {
                Assert.That(constants, Does.Contain(match.Groups["name"].Value));
            }
        });
    }

    [Test]
    public void Every_table_has_the_same_id_in_C_and_CSharp()
    {
        var headers = string.Concat(Directory.EnumerateFiles(Repository.Path("native-abi/include"), "*.h", SearchOption.AllDirectories).Select(File.ReadAllText));
        var written = TableId().Matches(headers).ToDictionary(match => match.Groups["name"].Value, match => match.Groups["id"].Value);
        var mirrored = CNames.Structs.Select(type => (type, id: type.GetField("Id", BindingFlags.Static | BindingFlags.Public))).Where(pair => pair.id is not null)
            .ToDictionary(pair => CNames.Struct(pair.type).ToUpperInvariant(), pair => (string)pair.id!.GetRawConstantValue()!);
        Assert.That(mirrored, Is.EquivalentTo(written));
    }

    private static bool IsNone(Enum member) => member.ToString() == "None";

    private static int SizeOf(Type type) => type switch
    {
        { IsPointer: true } or { IsFunctionPointer: true } => nint.Size,
        { IsEnum: true } => Marshal.SizeOf(Enum.GetUnderlyingType(type)),
        _ => Marshal.SizeOf(type),
    };

    private static string NameOf(string declaration) =>
        FunctionPointerName().Match(declaration) is { Success: true } function ? function.Groups["name"].Value : declaration.Split(' ', '*')[^1];

    [GeneratedRegex(@"/\*.*?\*/", RegexOptions.Singleline)]
    private static partial Regex Comment();

    [GeneratedRegex(@"typedef (?:struct|union) (?<name>edgegw_\w+) \{(?<body>.*?)\} edgegw_\w+;", RegexOptions.Singleline)]
    private static partial Regex StructDefinition();

    [GeneratedRegex(@"\b(?<name>EDGEGW_\w+) = ")]
    private static partial Regex EnumConstant();

    [GeneratedRegex(@"#define (?<name>EDGEGW_\w+_V\d+) ""(?<id>[^""]+)""")]
    private static partial Regex TableId();

    [GeneratedRegex(@"\(\*(?<name>\w+)\)\(")]
    private static partial Regex FunctionPointerName();
}
