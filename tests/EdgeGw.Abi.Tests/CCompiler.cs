using EdgeGw.Tests.Support;

namespace EdgeGw.Abi.Tests;

/// <summary>Compiles C and C++ against the headers, with every warning an error.</summary>
internal static class CCompiler
{
    public const string C11 = "c11";
    public const string Cpp17 = "c++17";

    private static readonly string[] Strict = ["-Wall", "-Wextra", "-Werror", "-pedantic"];

    /// <summary>Compiles <paramref name="source"/> as the given standard; <paramref name="output"/> null means: only check it.</summary>
    public static async Task CompileAsync(string source, string standard, string? output = null, params string[] options)
    {
        var (compiler, language) = standard == C11 ? ("gcc", "c") : ("g++", "c++");
        string[] result = output is null ? ["-fsyntax-only"] : ["-o", output];
        string[] arguments = ["-std=" + standard, .. Strict, "-I", Repository.Path("native-abi/include"), .. options, .. result, "-x", language, source];
        var run = await Command.RunAsync(compiler, arguments);
        Assert.That(run.ExitCode, Is.Zero, () => $"{source} as {standard}:\n{run.Error}");
    }
}
