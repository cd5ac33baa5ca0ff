using EdgeGw.Epochs;
using EdgeGw.Tests.Control;

namespace EdgeGw.Tests.Epochs;

/// <summary>A secret is read where it is, and is in no sentence.</summary>
public sealed class SecretReferenceTests
{
    private const string Planted = "pl4nted-s3cret";
    private TestFolder _folder = null!;

    [SetUp]
    public void SetUp() => _folder = new TestFolder();

    [TearDown]
    public void TearDown() => _folder.Dispose();

    [Test]
    public void A_variable_a_file_and_a_credential_are_read()
    {
        File.WriteAllText(_folder["pw"], Planted + "\n");
        var environment = Environment(("DB_PW", Planted), ("CREDENTIALS_DIRECTORY", _folder.Root));
        foreach (var text in (string[])["env:DB_PW", $"file:{_folder["pw"]}", "credential:pw"])
        {
            Assert.That(SecretReference.TryParse(text, out var reference, out _), Is.True, text);
            Assert.That(reference!.TryResolve(environment, out var value, out _), Is.True, text);
            Assert.That(value, Is.EqualTo(Planted));
            Assert.That(reference.ToString(), Is.EqualTo(text));
        }
    }

    [TestCase("a\nb\n", "a\nb")]
    [TestCase("a\r\n", "a")]
    [TestCase(" a \n\n", " a \n")]
    [TestCase("päss", "päss")]
    public void Only_the_last_line_end_of_a_file_is_not_the_secrets(string text, string expected)
    {
        File.WriteAllText(_folder["pw"], text);
        Assert.That(Resolve($"file:{_folder["pw"]}", Environment()).Value, Is.EqualTo(expected));
    }

    [TestCase(Planted)]
    [TestCase("")]
    [TestCase("ENV:X")]
    [TestCase("env:")]
    [TestCase("env:1X")]
    [TestCase("env:" + Planted)]
    [TestCase("file:relative/" + Planted)]
    [TestCase("file:")]
    [TestCase("file:/folder/")]
    [TestCase("credential:")]
    [TestCase("credential:../" + Planted)]
    [TestCase("credential:..")]
    public void What_is_no_reference_is_refused_without_being_repeated(string text)
    {
        Assert.That(SecretReference.TryParse(text, out _, out var error), Is.False);
        Assert.That(error, Does.Not.Contain(Planted).And.Match("(env|file|credential):"));
    }

    [Test]
    public void What_cannot_be_read_says_where_it_was_looked_for_and_never_what_is_there()
    {
        File.WriteAllBytes(_folder["binary"], [0xff, .. "pl4nted-s3cret"u8]);
        File.WriteAllText(_folder["zero"], Planted + "\0");
        File.WriteAllText(_folder["empty"], "");
        File.WriteAllText(_folder["line"], "\n");
        File.WriteAllText(_folder["large"], new string('x', SecretReference.MaxBytes + 1));
        Directory.CreateDirectory(_folder["folder"]);
        var environment = Environment(("EMPTY", ""), ("CREDENTIALS_DIRECTORY", _folder.Root));

        foreach (var (text, part) in (ReadOnlySpan<(string, string)>)[
            ("env:MISSING", "MISSING is not set"), ("env:EMPTY", "EMPTY is empty"), ($"file:{_folder["none"]}", "there is no file"), ("credential:none", "there is no file"),
            ("credential:binary", "not UTF-8"), ("credential:zero", "zero byte"), ("credential:empty", "is empty"), ("credential:line", "is empty"), ("credential:large", "65537 bytes"),
            ($"file:{_folder["folder"]}", "folder"), ("file:/dev/zero", "is empty")])
        {
            var (value, error) = Resolve(text, environment);
            Assert.That(value, Is.Null, text);
            Assert.That(error, Does.Contain(part).And.Not.Contain(Planted), text);
        }
        Assert.That(Resolve("credential:pw", Environment()).Error, Does.Contain("LoadCredential="));
    }

    [Test]
    public void A_pipe_that_nobody_writes_is_not_waited_for()
    {
        using var made = System.Diagnostics.Process.Start("mkfifo", [_folder["pipe"]]);
        made.WaitForExit();
        Assert.That(Resolve($"file:{_folder["pipe"]}", Environment()).Error, Does.Contain("is empty"));
    }

    internal static Func<string, string?> Environment(params (string Name, string Value)[] variables) => name => variables.FirstOrDefault(variable => variable.Name == name).Value;

    private static (string? Value, string? Error) Resolve(string text, Func<string, string?> environment)
    {
        Assert.That(SecretReference.TryParse(text, out var reference, out var wrong), Is.True, wrong);
        return reference!.TryResolve(environment, out var value, out var error) ? (value, null) : (null, error);
    }
}
