using System.Globalization;
using System.Text.RegularExpressions;

namespace EdgeGw.Generator.Tests;

/// <summary>The manifest names every service that the code asks for, so that a deploy without it is refused.</summary>
public partial class ServiceTests
{
    [TestCase("""_ = c.Database("main");""", "database:main")]
    [TestCase("""_ = c.Database(name: "a.b_c-9");""", "database:a.b_c-9")]
    [TestCase("""_ = c?.Cache("hot");""", "cache:hot")]
    [TestCase("""const string Name = "con" + "stant"; _ = c.Storage(Name);""", "storage:constant")]
    [TestCase("_ = c.Http;", "http:default")]
    [TestCase("_ = c.Database(); _ = c.Cache(); _ = c.Storage();", "cache:default", "database:main", "storage:files")]
    [TestCase("""_ = c.Database("b"); _ = c.Database("a"); _ = c.Database("b"); _ = c.Cache("a");""", "cache:a", "database:a", "database:b")]
    [TestCase("""var d = new Data(); _ = d.Database("other"); _ = d.Http;""")]
    public void What_the_code_asks_for_is_in_the_manifest(string code, params string[] services)
    {
        var run = Over(code);
        Assert.That(run.Reported, Is.Empty);
        Assert.That(run.Compiled, Is.Empty);
        Assert.That(Manifest(run), Is.EqualTo(services));
    }

    [Test]
    public void A_service_is_found_wherever_it_is_asked_for()
    {
        var run = Over("Elsewhere.Deep(c);", """
            internal static class Elsewhere
            {
                public static void Deep(Context c)
                {
                    Action work = () => { _ = c.Storage("images"); };
                    work();
                }
            }
            """);
        Assert.That(Manifest(run), Is.EqualTo(new[] { "storage:images" }));
    }

    [Test]
    public void An_attribute_names_what_the_code_does_not()
    {
        var run = Over("""var name = Guid.NewGuid().ToString(); _ = c.Cache(name); _ = c.Database("main");""", """[assembly: UsesService("cache", "red"), UsesService("cache", "blue")]""");
        Assert.That(run.Reported, Is.Empty, "names that are not constants may be any of the declared ones");
        Assert.That(Manifest(run), Is.EqualTo(new[] { "cache:blue", "cache:red", "database:main" }));
    }

    [TestCase("""var name = "x"; _ = c.Cache(name);""", "EDGEGW016", "The name of this cache is not a constant")]
    [TestCase("""Func<string, Database> f = c.Database;""", "EDGEGW016", "write [assembly: UsesService(\"database\", \"…\")]")]
    [TestCase("""_ = c.Database("a b");""", "EDGEGW017", "'database:a b' is not a service")]
    [TestCase("""_ = c.Storage("é");""", "EDGEGW017", "'storage:é' is not a service")]
    public void A_name_that_no_manifest_can_hold_is_an_error_where_it_is(string code, string id, string sentence) => Reports(Over(code), id, sentence);

    [TestCase("\"databse\", \"main\"", "'databse:main' is not a service")]
    [TestCase("\"database\", \"\"", "a name is made of 1 to 64 ASCII letters")]
    public void A_declared_service_that_cannot_be_is_an_error(string arguments, string sentence) => Reports(Over("", $"[assembly: UsesService({arguments})]"), "EDGEGW017", sentence);

    private static void Reports(Run run, string id, string sentence)
    {
        Assert.That(run.Reported.Select(d => d.Id), Is.EqualTo(new[] { id }));
        Assert.That(run.Reported[0].GetMessage(CultureInfo.InvariantCulture), Does.Contain(sentence));
        Assert.That(run.Reported[0].Location.GetLineSpan().Path, Is.EqualTo("Code.cs"));
        Assert.That(run.Source, Is.Null);
    }

    private static Run Over(string code, string more = "") => Run.Over($$"""
        {{more}}
        public class Data { public string Database(string name) => name; public string Http => ""; }
        public static class H { [Handler("GET", "/")] public static Response M(Context c) { {{code}} return default; } }
        """);

    private static string[] Manifest(Run run)
    {
        var services = ServicesOfTheManifest().Match(run.Source!).Groups[1].Value.Replace("\\\"", "", StringComparison.Ordinal);
        return services.Length == 0 ? [] : services.Split(',');
    }

    [GeneratedRegex("""services\\":\[(.*?)\]""")]
    private static partial Regex ServicesOfTheManifest();
}
