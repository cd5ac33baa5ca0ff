using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace EdgeGw.Generator.Tests;

/// <summary>One run of the generators over a source text.</summary>
/// <param name="Reported">What the generators said.</param>
/// <param name="Compiled">What the compiler said of the source with what was generated.</param>
/// <param name="Source">The handler module, or null.</param>
/// <param name="Rows">What was generated for types marked [Row].</param>
/// <param name="Driver">To run again.</param>
/// <param name="Compilation">The source alone.</param>
internal sealed record Run(
    ImmutableArray<Diagnostic> Reported, ImmutableArray<Diagnostic> Compiled, string? Source, ImmutableArray<string> Rows, GeneratorDriver Driver, CSharpCompilation Compilation)
{
    private static readonly CSharpParseOptions Parse = new(LanguageVersion.CSharp14);

    private static readonly ImmutableArray<MetadataReference> References =
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(p => MetadataReference.CreateFromFile(p))];

    public static Run Over(string code, string assembly = "My.Handlers", params (string Name, string Value)[] properties)
    {
        var compilation = CSharpCompilation.Create(assembly,
            [CSharpSyntaxTree.ParseText("global using System; global using System.Threading; global using System.Threading.Tasks; global using EdgeGw;\n" + code, Parse, "Code.cs")],
            References, new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
        GeneratorDriver driver = CSharpGeneratorDriver.Create([new HandlerGenerator().AsSourceGenerator(), new RowGenerator().AsSourceGenerator()], parseOptions: Parse,
            optionsProvider: new Properties(properties), driverOptions: new GeneratorDriverOptions(default, trackIncrementalGeneratorSteps: true));
        driver = driver.RunGeneratorsAndUpdateCompilation(compilation, out var output, out var reported);
        var trees = driver.GetRunResult().GeneratedTrees.ToLookup(t => t.FilePath.EndsWith(".Row.g.cs", StringComparison.Ordinal), t => t.ToString());
        return new Run(reported, [.. output.GetDiagnostics().Where(d => d.Severity >= DiagnosticSeverity.Warning)],
            trees[false].SingleOrDefault(), [.. trees[true]], driver, compilation);
    }

    private sealed class Properties((string Name, string Value)[] properties) : AnalyzerConfigOptionsProvider
    {
        public override AnalyzerConfigOptions GlobalOptions { get; } = new Options(properties);

        public override AnalyzerConfigOptions GetOptions(SyntaxTree tree) => GlobalOptions;

        public override AnalyzerConfigOptions GetOptions(AdditionalText textFile) => GlobalOptions;
    }

    private sealed class Options((string Name, string Value)[] properties) : AnalyzerConfigOptions
    {
        public override bool TryGetValue(string key, [NotNullWhen(true)] out string? value)
        {
            value = properties.FirstOrDefault(p => key == "build_property." + p.Name).Value;
            return value is not null;
        }
    }
}
