using EdgeGw.Tests.Support;

namespace EdgeGw.Abi.Tests;

/// <summary>The headers and examples compile, strictly, in both languages.</summary>
public sealed class HeaderTests
{
    private static IEnumerable<string> Headers =>
        Directory.EnumerateFiles(Repository.Path("native-abi/include"), "*.h", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(Repository.Path("native-abi/include"), file));

    private static IEnumerable<string> Examples => Directory.EnumerateFiles(Repository.Path("native-abi/examples"), "*.c").Select(file => Path.GetFileName(file));

    [Test]
    public async Task Each_header_compiles_alone([ValueSource(nameof(Headers))] string header, [Values(CCompiler.C11, CCompiler.Cpp17)] string standard)
    {
        using var folder = new TemporaryFolder();
        var source = folder.Write("alone.c", $"#include <{header}>\n#include <{header}>\nint main(void) {{ return 0; }}\n");
        await CCompiler.CompileAsync(source, standard);
    }

    [Test]
    public void The_umbrella_header_includes_every_header()
    {
        var umbrella = File.ReadAllText(Repository.Path("native-abi/include/edgegw.h"));
        Assert.Multiple(() =>
        {
            foreach (var header in Headers.Where(name => name != "edgegw.h"))
            {
                Assert.That(umbrella, Does.Contain($"#include \"{header}\""));
            }
        });
    }

    [Test]
    public async Task Each_example_compiles_as_a_library_in_C11([ValueSource(nameof(Examples))] string example)
    {
        using var folder = new TemporaryFolder();
        await CCompiler.CompileAsync(Repository.Path($"native-abi/examples/{example}"), CCompiler.C11, folder["example.so"], "-shared", "-fPIC", "-O2");
        var symbols = await Command.RunAsync("nm", ["-D", "--defined-only", folder["example.so"]]);
        Assert.That(symbols.Output, Does.Contain(" T " + AbiVersion.EntrySymbol));
    }

    [Test]
    public async Task The_smallest_example_compiles_as_a_library_in_Cpp17()
    {
        using var folder = new TemporaryFolder();
        await CCompiler.CompileAsync(Repository.Path("native-abi/examples/hello.c"), CCompiler.Cpp17, folder["example.so"], "-shared", "-fPIC", "-O2");
        var symbols = await Command.RunAsync("nm", ["-D", "--defined-only", folder["example.so"]]);
        Assert.That(symbols.Output, Does.Contain(" T " + AbiVersion.EntrySymbol), "the entry symbol must not be mangled");
    }
}
