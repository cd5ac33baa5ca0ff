using System.Globalization;
using EdgeGw.Tests.Support;
using NUnit.Framework;

namespace EdgeGw.Fuzz.Tests;

/// <summary>Every target over its committed corpus, and over inputs made of it. FUZZ_ROUNDS says how many; ./build.sh fuzz runs the same targets under AFL++.</summary>
public sealed class CorpusTests
{
    private const int Rounds = 2_000;
    private const int MostCorpusBytes = 64 * 1024;

    private static IEnumerable<string> Targets => FuzzTargets.All.Keys;

    [TestCaseSource(nameof(Targets))]
    public void Nothing_is_found_in_the_corpus(string target)
    {
        var files = Files(target);
        Assert.That(files, Is.Not.Empty, "a target has a corpus");
        Assert.That(files.Sum(file => new FileInfo(file).Length), Is.LessThan(MostCorpusBytes), "a corpus is small");
        foreach (var file in files)
        {
            Assert.That(() => FuzzTargets.All[target](File.ReadAllBytes(file)), Throws.Nothing, Path.GetFileName(file));
        }
    }

    [TestCaseSource(nameof(Targets))]
    public void Nothing_is_found_near_the_corpus(string target)
    {
        byte[][] corpus = [.. Files(target).Select(File.ReadAllBytes)];
        var rounds = int.TryParse(Environment.GetEnvironmentVariable("FUZZ_ROUNDS"), NumberStyles.None, CultureInfo.InvariantCulture, out var given) ? given : Rounds;
        for (var seed = 0; seed < rounds; seed++)
        {
            var input = new Mutation(corpus, seed).Next();
            Assert.That(() => FuzzTargets.All[target](input), Throws.Nothing, () => $"seed {seed}: {Convert.ToBase64String(input)}");
        }
    }

    private static string[] Files(string target) => [.. Directory.GetFiles(Repository.Path($"tests/Fuzz/corpus/{target}")).Order(StringComparer.Ordinal)];
}
