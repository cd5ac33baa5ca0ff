using System.Collections.Immutable;
using System.Reflection;
using EdgeGw.Control.Importing;
using EdgeGw.Generator;
using EdgeGw.Testing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace EdgeGw.Import.Tests;

/// <summary>Compiles all endpoints of an API into one library, with the generators that an endpoint is compiled with, and loads it.</summary>
internal static class Compiled
{
    private static readonly CSharpParseOptions s_parse = new(LanguageVersion.CSharp14);

    private static readonly ImmutableArray<MetadataReference> s_references =
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(path => MetadataReference.CreateFromFile(path))];

    private static readonly Lazy<ISourceGenerator> s_json = new(() =>
    {
        var assembly = Assembly.LoadFrom(Path.Combine(AppContext.BaseDirectory, "generators", "System.Text.Json.SourceGeneration.dll"));
        return ((IIncrementalGenerator)Activator.CreateInstance(assembly.GetType("System.Text.Json.SourceGeneration.JsonSourceGenerator", throwOnError: true)!)!).AsSourceGenerator();
    });

    /// <summary>What the compiler and the generators say, warnings too; and the library's bytes when that is nothing.</summary>
    internal static (IReadOnlyList<string> Messages, byte[] Library) Of(ImportedApi api)
    {
        const string usings = "global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq; global using System.Net.Http; global using System.Threading; global using System.Threading.Tasks; global using EdgeGw;\n";
        var trees = new List<SyntaxTree> { CSharpSyntaxTree.ParseText(usings, s_parse, "Usings.cs"), CSharpSyntaxTree.ParseText(api.Models, s_parse, ModelWriter.File) };
        // Each endpoint is a library of its own, whose build gives it method and path; here they are all in one.
        trees.AddRange(api.Operations.Select(operation => CSharpSyntaxTree.ParseText(
            operation.Source.Replace("[Handler]", $"[Handler(\"{operation.Method}\", \"{operation.Path}\")]", StringComparison.Ordinal), s_parse, operation.Name + ".cs")));
        var compilation = CSharpCompilation.Create("imported" + Guid.NewGuid().ToString("N"), trees, s_references,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable, allowUnsafe: true));
        GeneratorDriver driver = CSharpGeneratorDriver.Create([s_json.Value, new HandlerGenerator().AsSourceGenerator()], parseOptions: s_parse);
        driver.RunGeneratorsAndUpdateCompilation(compilation, out var output, out var reported);
        using var library = new MemoryStream();
        var emitted = output.Emit(library);
        return ([.. reported.Concat(emitted.Diagnostics).Where(message => message.Severity >= DiagnosticSeverity.Warning).Select(message => message.ToString())], library.ToArray());
    }

    /// <summary>A gateway with the library.</summary>
    internal static FakeGateway Load(byte[] library)
    {
        var assembly = Assembly.Load(library);
        return FakeGateway.For(assembly.GetTypes().First());
    }
}
