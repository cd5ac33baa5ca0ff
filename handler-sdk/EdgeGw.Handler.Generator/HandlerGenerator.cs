using System.Collections.Immutable;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace EdgeGw.Generator;

/// <summary>Makes a handler library of a project: parser, model, emitter, each in its file.</summary>
[Generator]
public sealed class HandlerGenerator : IIncrementalGenerator
{
    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var methods = context.SyntaxProvider.ForAttributeWithMetadataName("EdgeGw.HandlerAttribute",
            static (node, _) => node is MethodDeclarationSyntax,
            static (found, _) => Parser.ParseMethod(found)).Collect();
        var startups = Hooks(context, "HandlerStartup");
        var selfTests = Hooks(context, "HandlerSelfTest");
        var stray = context.SyntaxProvider.ForAttributeWithMetadataName("EdgeGw.SelfTestAttribute",
            static (node, _) => node is MethodDeclarationSyntax,
            static (found, _) => SelfTests.Stray(found)).Where(static problem => problem is not null).Select(static (problem, _) => problem!).Collect();
        var services = context.SyntaxProvider.CreateSyntaxProvider(static (node, _) => Services.IsCandidate(node), static (found, stop) => Services.Find(found, stop))
            .Where(static use => use is not null).Select(static (use, _) => use!).Collect()
            .Select(static (uses, _) => Services.Distinct(uses)); // one more use of the same is no news
        var project = context.CompilationProvider.Combine(context.AnalyzerConfigOptionsProvider)
            .Select(static (pair, _) => Project(pair.Left, pair.Right.GlobalOptions));

        context.RegisterSourceOutput(methods.Combine(startups).Combine(selfTests).Combine(services).Combine(stray).Combine(project),
            static (output, all) => Produce(
                output, all.Left.Left.Left.Left.Left, all.Left.Left.Left.Left.Right, all.Left.Left.Left.Right, all.Left.Left.Right, all.Left.Right, all.Right));
    }

    private static IncrementalValueProvider<ImmutableArray<HookResult>> Hooks(IncrementalGeneratorInitializationContext context, string attribute)
        => context.SyntaxProvider.ForAttributeWithMetadataName($"EdgeGw.{attribute}Attribute",
            static (node, _) => node is MethodDeclarationSyntax,
            (found, _) => Parser.ParseHook(found, attribute)).Collect();

    private static ProjectModel Project(Compilation compilation, Microsoft.CodeAnalysis.Diagnostics.AnalyzerConfigOptions options)
    {
        string Property(string name, string fallback) => options.TryGetValue($"build_property.{name}", out var value) && value.Length > 0 ? value : fallback;
        var sdk = compilation.SourceModule.ReferencedAssemblySymbols.FirstOrDefault(a => a.Name == "EdgeGw.Handler")?.Identity.Version.ToString(3) ?? "0.0.0";
        return new ProjectModel(
            Property("EdgeGwHandlerName", (compilation.AssemblyName ?? "handler").ToLowerInvariant()),
            Property("Version", "0.0.0"),
            $"EdgeGw.Handler {sdk}",
            bool.TryParse(Property("EdgeGwHandlerProject", "false"), out var isHandler) && isHandler,
            Services.Declared(compilation),
            Property("EdgeGwMethod", ""),
            Property("EdgeGwPath", ""));
    }

    private static void Produce(SourceProductionContext output, ImmutableArray<MethodModel> methods, ImmutableArray<HookResult> startups,
        ImmutableArray<HookResult> selfTests, EquatableArray<ServiceUse> uses, ImmutableArray<DiagnosticModel> stray, ProjectModel project)
    {
        if (methods.IsEmpty && !project.IsHandlerProject)
            return;
        var problems = new List<DiagnosticModel>();
        problems.AddRange(stray);
        problems.AddRange(Parser.CheckProject(project));
        if (methods.IsEmpty)
            problems.Add(Parser.Problem(Diagnostics.NoHandlers, null));
        var routes = new List<RouteModel>();
        var tests = new List<SelfTestModel>();
        foreach (var method in methods)
        {
            var own = Endpoints.Fill(method, project, problems);
            routes.AddRange(own);
            tests.AddRange(SelfTests.Find(method.SelfTests, own, problems));
        }
        problems.AddRange(Duplicates(routes));
        var startup = Only(startups, "[HandlerStartup]", problems);
        var selfTest = Only(selfTests, "[HandlerSelfTest]", problems);
        var services = Services.Needed(uses, project.Services, problems);
        foreach (var problem in problems)
            output.ReportDiagnostic(problem.ToDiagnostic());
        if (problems.Count == 0)
            output.AddSource("HandlerModule.g.cs", SourceText.From(Emitter.Emit(project, routes, services, tests, startup, selfTest), Encoding.UTF8));
    }

    private static IEnumerable<DiagnosticModel> Duplicates(List<RouteModel> routes)
    {
        foreach (var same in routes.GroupBy(r => r.Shape).Where(g => g.Count() > 1))
        {
            foreach (var route in same.Skip(1))
                yield return Parser.Problem(Diagnostics.Duplicate, route.Location, route.Method, route.Pattern, same.First().Name);
        }
    }

    private static HookModel? Only(ImmutableArray<HookResult> hooks, string attribute, List<DiagnosticModel> problems)
    {
        problems.AddRange(hooks.Select(h => h.Diagnostic).OfType<DiagnosticModel>());
        var found = hooks.Select(h => h.Hook).OfType<HookModel>().ToList();
        problems.AddRange(found.Skip(1).Select(h => Parser.Problem(Diagnostics.SecondHook, h.Location, attribute, h.Call)));
        return found.FirstOrDefault();
    }
}
