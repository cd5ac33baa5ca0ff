using EdgeGw.Control.Changes;

namespace EdgeGw.Compiling.Tests;

public class SourceRulesTests
{
    private static readonly CompileSettings Settings = new() { SourceBytes = 2_000, Files = 5, Packages = ["Good.Package"] };

    private static readonly SourceInput Good = new("fine", "GET", "/a/{id}", [new InputFile("Handler.cs", "class A;"), new InputFile("Models/Pet_1.cs", "")], [new InputFile("Common.cs", "")], [new InputPackage("good.package", "1.2.3-rc.1")]);

    [Test]
    public void A_good_source_is_accepted() => Assert.DoesNotThrow(() => SourceRules.Check(Good, Settings));

    [TestCase("../A.cs")]
    [TestCase("/etc/A.cs")]
    [TestCase("a/../../A.cs")]
    [TestCase("a//A.cs")]
    [TestCase("a\\A.cs")]
    [TestCase(".hidden.cs")]
    [TestCase("-option.cs")]
    [TestCase("@rsp.cs")]
    [TestCase("a b.cs")]
    [TestCase("a\"b.cs")]
    [TestCase("a\nb.cs")]
    [TestCase("größe.cs")]
    [TestCase("Directory.Build.props")]
    [TestCase("nuget.config")]
    [TestCase("handler.csproj")]
    [TestCase("")]
    [TestCase("shared/A.cs")]
    [TestCase("handler.cs")]
    public void A_file_name_that_is_not_plain_is_refused(string name) =>
        Refuses(Good with { Files = [.. Good.Files, new InputFile(name, "")] }, name.Equals("handler.cs", StringComparison.Ordinal) ? "is there twice" : "The file name");

    [TestCase("", "/", "not an HTTP method")]
    [TestCase("GET\nbuild_property.X = 1", "/", "not an HTTP method")]
    [TestCase("GET", "/a\nb", "The path")]
    [TestCase("GET", "/a b", "The path")]
    [TestCase("GET", "/a#b", "The path")]
    [TestCase("GET", "a", "The path")]
    [TestCase("GET", "", "The path")]
    public void A_route_that_could_not_be_handed_over_as_it_is_is_refused(string method, string path, string reason) => Refuses(Good with { Method = method, Path = path }, reason);

    [Test]
    public void What_is_too_much_is_refused_with_the_setting_that_allows_it()
    {
        Refuses(Good with { Files = [new InputFile("A.cs", new string('x', 2_001))] }, "Compile:SourceBytes");
        Refuses(Good with { Files = [.. Enumerable.Range(0, 6).Select(i => new InputFile($"A{i}.cs", ""))] }, "Compile:Files");
        Refuses(Good with { Files = [] }, "There is no file");
    }

    [TestCase("Other.Package", "1.0.0", "Compile:Packages")]
    [TestCase("Good.Package", "1.*", "not the version")]
    [TestCase("Good.Package", "[1.0,2.0)", "not the version")]
    [TestCase("Good.Package", "$(Version)", "not the version")]
    [TestCase("a/../b", "1.0.0", "not a package's id")]
    [TestCase("Good.Package\" /><Exec Command=\"", "1.0.0", "not a package's id")]
    public void A_package_is_named_exactly_and_allowed(string id, string version, string reason) => Refuses(Good with { Packages = [new InputPackage(id, version)] }, reason);

    [Test]
    public void Every_reason_is_given_at_once()
    {
        var refusal = Assert.Throws<ChangeRefusedException>(() => SourceRules.Check(new SourceInput("a b", "", "x", [new InputFile("..", "")], [], [new InputPackage("x", "")]), Settings))!;
        Assert.That(refusal.Status, Is.EqualTo(422));
        Assert.That(refusal.Reasons, Has.Count.EqualTo(6));
        Assert.That(refusal.Reasons.Select(reason => reason.Length), Is.All.LessThan(300));
    }

    private static void Refuses(SourceInput input, string reason) =>
        Assert.That(Assert.Throws<ChangeRefusedException>(() => SourceRules.Check(input, Settings))!.Reasons, Has.Some.Contains(reason));
}
