using System.Text;
using CsCheck;
using EdgeGw.Bundles;
using EdgeGw.Documents;

namespace EdgeGw.Tests.Bundles;

/// <summary>Variables are text wherever they stand.</summary>
public sealed class BundleVariablesTests
{
    [TestCase("${HOST}", "db")]
    [TestCase("a-${HOST}-${PORT:-5432}", "a-db-5432")]
    [TestCase("${EMPTY:-other}", "other")]
    [TestCase("${EMPTY}", "")]
    [TestCase("${NONE:-}", "")]
    [TestCase("${NONE:-a:-b}", "a:-b")]
    [TestCase("$${HOST}", "${HOST}")]
    [TestCase("$HOST $ {HOST}", "$HOST $ {HOST}")]
    [TestCase("${EVIL}", "x\n  injected: true")]
    public void A_value_is_filled_in_as_text(string text, string expected) => Assert.That(Expand(text), Is.EqualTo((expected, 0)));

    [TestCase("${NONE}", "The variable NONE is not set, and '${NONE}' has no default: set it, or write '${NONE:-default}'.")]
    [TestCase("${a b}", "'${a b}' is not ${NAME} or ${NAME:-default}, with a name of letters, digits and '_'.")]
    [TestCase("${HOST", "'${' is not closed with '}'; write '$${' for the characters themselves.")]
    public void What_cannot_be_filled_in_is_said(string text, string sentence)
    {
        var faults = new DocumentFaults("f");
        new BundleVariables(Find, faults).Expand(new DocumentScalar(3, 4, text, false));
        Assert.That(faults.All, Is.EqualTo((string[])["f:3:4: " + sentence]));
    }

    [Test]
    public void A_variable_cannot_change_the_document()
    {
        var (bundle, faults) = BundleSamples.Read("bundle: 1\nname: shop\nhandlers:\n  a:\n    library: a.so\n    settings: {k: '${EVIL}', n: \"${NULL}\"}", Find, "a.so");
        Assert.That(faults, Is.Empty);
        Assert.That((bundle!.Handlers[0].Options.Config["k"], bundle.Handlers[0].Options.Config["n"]), Is.EqualTo(("x\n  injected: true", "null")));
    }

    [Test]
    public void Any_text_is_itself_again_when_it_is_escaped() =>
        Gen.String[Gen.Char["ab${}:-\\\n"], 0, 30].Sample(text => Assert.That(Expand(BundleVariables.Escape(text)), Is.EqualTo((text, 0))));

    [Test]
    public void Variables_travel_as_lines_whatever_they_hold() => Gen.String.Sample(value =>
    {
        var plain = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(value)); // without half surrogates
        using var files = BundleZip.Open(
            new MemoryStream(BundleSamples.Zip((Bundle.File, "bundle: 1\nhandlers:\n  a:\n    settings: {k: '${V}'}"), (Bundle.VariablesFile, BundleFiles.WriteVariables(new Dictionary<string, string> { ["V"] = plain })))),
            "b.zip", BundleSamples.Bounds);
        Assert.That(files.Read(_ => null, out _).Handlers[0].Options.Config["k"], Is.EqualTo(plain));
    }, iter: 300);

    private static (string Text, int Faults) Expand(string text)
    {
        var faults = new DocumentFaults("f");
        return (new BundleVariables(Find, faults).Expand(new DocumentScalar(1, 1, text, false)), faults.Count);
    }

    private static string? Find(string name) => name switch { "HOST" => "db", "EMPTY" => "", "EVIL" => "x\n  injected: true", "NULL" => "null", _ => null };
}
