using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace EdgeGw.Generator.Tests;

/// <summary>A key press must not cost a project's worth of work.</summary>
public class IncrementalTests
{
    private const string Code = """
        [assembly: UsesService("cache", "extra")]
        [Row] public partial record Pet(long Id, string? Name);
        public static class H
        {
            [Handler("GET", "/{id}")]
            public static async ValueTask<Response> Get(Context c, Request r) => Response.Ok((await c.Database("main").QueryOneAsync<Pet>("SELECT 1"))!.Name!);
            [HandlerStartup] internal static void Start(HandlerEnvironment e) { }
        }
        """;

    [Test]
    public void Writing_elsewhere_makes_nothing_again()
        => Assert.That(Again("class Elsewhere { void M(Context c) { _ = c.Database(\"main\"); } }").Keys, Is.EqualTo(new[] { IncrementalStepRunReason.Cached }));

    [Test]
    public void One_more_row_makes_one_more_file()
        => Assert.That(Again("[Row] public partial record Owner(long Id);"),
            Is.EquivalentTo(new Dictionary<IncrementalStepRunReason, int> { [IncrementalStepRunReason.Cached] = 2, [IncrementalStepRunReason.New] = 1 }));

    [Test]
    public void One_more_service_makes_the_module_again_and_no_row()
        => Assert.That(Again("class Elsewhere { void M(Context c) => _ = c.Http; }"),
            Is.EquivalentTo(new Dictionary<IncrementalStepRunReason, int> { [IncrementalStepRunReason.Cached] = 1, [IncrementalStepRunReason.Modified] = 1 }));

    /// <summary>How many outputs were made for which reason when a file with <paramref name="code"/> was added.</summary>
    private static Dictionary<IncrementalStepRunReason, int> Again(string code)
    {
        var run = Run.Over(Code);
        Assert.That(run.Compiled, Is.Empty);
        var edited = run.Compilation.AddSyntaxTrees(CSharpSyntaxTree.ParseText(code, (CSharpParseOptions)run.Compilation.SyntaxTrees[0].Options));
        return run.Driver.RunGenerators(edited).GetRunResult().Results
            .SelectMany(r => r.TrackedOutputSteps).SelectMany(s => s.Value).SelectMany(s => s.Outputs)
            .GroupBy(o => o.Reason).ToDictionary(g => g.Key, g => g.Count());
    }
}
