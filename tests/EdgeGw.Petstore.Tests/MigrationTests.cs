using System.Runtime.CompilerServices;

namespace PetstoreSample.Tests;

/// <summary>What can be known of the migrations without a database.</summary>
public class MigrationTests
{
    private static string[] Files([CallerFilePath] string here = "")
        => [.. Directory.GetFiles(Path.Combine(Path.GetDirectoryName(here)!, "../../handler-sdk/samples/petstore/migrations")).Select(f => Path.GetFileName(f)).Order()];

    [Test]
    public void They_are_numbered_from_one_without_holes()
        => Assert.That(Files().Select(f => f[..5]), Is.EqualTo(Enumerable.Range(1, Files().Length).Select(n => $"{n:d4}_")));
}
