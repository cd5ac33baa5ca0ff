namespace EdgeGw.Compiling.Tests;

public class CompileTests
{
    private const string Hello = """
        public static class Hello
        {
            [Handler]
            public static Response Get(Request request) => Response.Text("Hello");
        }
        """;

    [Test]
    public async Task A_source_becomes_a_library_with_the_method_and_the_path_of_its_endpoint()
    {
        var phases = new BuildPhases(TimeProvider.System, () => { });
        var input = OneCompiler.Source(Hello, "PUT", "/a;b/{id:int}");
        var first = await OneCompiler.Compiler.RunAsync(input, true, phases, TestContext.Out.WriteLine, CancellationToken.None);
        Assert.That(first.Diagnostics, Is.Empty);
        Assert.That(phases.All.Select(phase => phase.Name), Is.EqualTo((string[])["restore", "compile", "native", "link"]));
        var manifest = System.Text.Encoding.UTF8.GetString(await File.ReadAllBytesAsync(first.Library!));
        Assert.That(manifest, Does.Contain("""{"name":"test","version":"""));
        Assert.That(manifest, Does.Contain("""[{"method":"PUT","pattern":"/a%3Bb/{id:int}","""));
        Assert.That(first.Bytes, Is.EqualTo(new FileInfo(first.Library!).Length));

        var again = await OneCompiler.CompileAsync(input);
        Assert.That(again, Is.EqualTo(first with { Cached = true, Diagnostics = again.Diagnostics }));
        var other = await OneCompiler.CompileAsync(OneCompiler.Source(Hello + " ", "PUT", "/a;b/{id:int}"));
        Assert.That(other.Cached, Is.False);
    }

    [Test]
    public async Task A_library_that_is_not_what_it_was_is_compiled_again()
    {
        var first = await OneCompiler.CompileAsync(OneCompiler.Source(Hello, path: "/changed"));
        await File.AppendAllTextAsync(first.Library!, "x");
        var again = await OneCompiler.CompileAsync(OneCompiler.Source(Hello, path: "/changed"));
        Assert.That(again.Cached, Is.False);
        Assert.That(again.Library, Is.EqualTo(first.Library));
    }

    [Test]
    public async Task Messages_have_the_place_in_the_file_as_it_was_written()
    {
        var input = OneCompiler.Source("") with
        {
            Files = [new InputFile("Hello.cs", Hello.Replace("\"Hello\"", "Unknown.Name")), new InputFile("Models/Pet.cs", "class Pet { int x = \"a\"; }")],
            Shared = [new InputFile("Pet.cs", "\nclass Shared { int y = Missing.X; }")],
        };
        var result = await OneCompiler.CompileAsync(input);
        Assert.That(result.Library, Is.Null);
        Assert.That(result.Diagnostics.Where(found => found.Severity == "error").Select(found => $"{found.File}({found.Line},{found.Column},{found.EndLine},{found.EndColumn}) {found.Code}"), Is.EquivalentTo((string[])
        [
            "Hello.cs(4,66,4,73) CS0103",
            "Models/Pet.cs(1,21,1,24) CS0029",
            "shared/Pet.cs(2,24,2,31) CS0103",
        ]));
    }

    [Test]
    public async Task A_line_directive_names_no_file_outside()
    {
        var result = await OneCompiler.CompileAsync(OneCompiler.Source(Hello + "\n#line 1 \"/etc/passwd\"\nclass X : Nowhere;\n#line (1,1)-(2,2) \"../Other.cs\"\nclass Y : Nowhere;\n#line default\nclass Z : Nowhere;\n"), library: false);
        Assert.That(result.Diagnostics.Where(found => found.Severity == "error").Select(found => (found.File, found.Line)), Is.EquivalentTo(((string?, int)[])[(null, 0), (null, 0), ("Handler.cs", 11)]));
    }

    [TestCase("#error the author says so", "CS1029", "the author says so")]
    [TestCase("class X { unsafe void M() { } }", "CS0227", "unsafe")]
    [TestCase("class X { [Handler(\"GET\", \"/a//b\")] public static Response M() => default; }", "EDGEGW007", "empty segment")]
    [TestCase("class X { System.Func<int> f = 1 +; }", "CS1525", "Invalid expression")]
    public async Task What_the_compilers_refuse_is_an_error_of_the_build(string code, string id, string message)
    {
        var result = await OneCompiler.CompileAsync(OneCompiler.Source(Hello + "\n" + code), library: false);
        Assert.That(result.Diagnostics[0], Has.Property("Severity").EqualTo("error").And.Property("Code").EqualTo(id).And.Property("File").EqualTo("Handler.cs").And.Property("Line").EqualTo(6));
        Assert.That(result.Diagnostics[0].Message, Does.Contain(message));
    }

    [Test]
    public async Task A_source_without_a_handler_is_told_so()
    {
        var result = await OneCompiler.CompileAsync(OneCompiler.Source("class Nothing;"), library: false);
        Assert.That(result.Diagnostics.Single().Code, Is.EqualTo("EDGEGW012"));
    }

    [Test]
    public async Task Generics_without_an_end_are_compiled_or_refused_and_never_hang()
    {
        var result = await OneCompiler.CompileAsync(OneCompiler.Source(Hello.Replace("\"Hello\"", "Deep<int>.Of(9)") + """

            class Box<T>;

            static class Deep<T>
            {
                public static string Of(int n) => n == 0 ? typeof(T).Name : Deep<Box<T>>.Of(n - 1) + Deep<Box<Box<T>>>.Of(n - 1);
            }
            """));
        Assert.That(result.Library is not null || result.Diagnostics.Any(found => found.Severity == "error"), Is.True);
    }

    [Test]
    public async Task An_expression_that_is_nested_too_deep_ends_the_compiler_and_not_the_gateway()
    {
        var result = await OneCompiler.CompileAsync(OneCompiler.Source(Hello + "\nclass X { int x = " + new string('(', 100_000) + "1" + new string(')', 100_000) + "; }"), library: false);
        Assert.That(result.Diagnostics[0].Severity, Is.EqualTo("error"));
    }
}
