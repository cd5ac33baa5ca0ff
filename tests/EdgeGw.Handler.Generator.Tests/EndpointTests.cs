using System.Globalization;

namespace EdgeGw.Generator.Tests;

public class EndpointTests
{
    private const string Code = """public static class H { [Handler, SelfTest("/pets/7")] public static Response Get(Request request) => default; }""";

    [Test]
    public void A_handler_that_names_no_path_gets_the_one_of_the_project()
    {
        var run = Run.Over(Code, "a", ("EdgeGwMethod", "GET"), ("EdgeGwPath", "/pets/{id:int}"));
        Assert.That(run.Reported, Is.Empty);
        Assert.That(run.Compiled, Is.Empty);
        Assert.That(run.Source, Does.Contain("""{\"method\":\"GET\",\"pattern\":\"/pets/{id:int}\",\"host\":\"*\",\"name\":\"H.Get\"}"""));
        Assert.That(run.Source, Does.Contain("""new(new string[] { "id" }, false)"""));
        Assert.That(run.Source, Does.Contain("""\"selfTest\":[{\"method\":\"GET\",\"path\":\"/pets/7\",\"status\":200}]"""));
    }

    [Test]
    public void Its_limits_and_its_host_are_its_own()
    {
        var run = Run.Over("""public static class H { [Handler(Host = "api.example.com", DeadlineMs = 5)] public static Response Get() => default; }""", "a", ("EdgeGwMethod", "*"), ("EdgeGwPath", "/"));
        Assert.That(run.Reported, Is.Empty);
        Assert.That(run.Source, Does.Contain("""{\"method\":\"*\",\"pattern\":\"/\",\"host\":\"api.example.com\",\"name\":\"H.Get\",\"deadlineMs\":5}"""));
    }

    [TestCase("", "", "EDGEGW023", "[Handler] of 'H.Get' names no method and path")]
    [TestCase("GET", "", "EDGEGW023", "[Handler] of 'H.Get' names no method and path")]
    [TestCase("G T", "/pets/{id}", "EDGEGW006", "'G T' is not an HTTP method")]
    [TestCase("GET", "pets", "EDGEGW007", "must begin with '/'")]
    [TestCase("GET", "/pets/{id:uint}", "EDGEGW008", "unknown type 'uint'")]
    [TestCase("GET", "/dogs", "EDGEGW020", "answered by no route")]
    public void What_the_project_gives_is_checked_where_it_is_used(string method, string path, string id, string sentence)
    {
        var run = Run.Over(Code, "a", ("EdgeGwMethod", method), ("EdgeGwPath", path));
        Assert.That(run.Reported.Select(d => d.Id), Is.EqualTo((string[])[id]));
        Assert.That(run.Reported[0].GetMessage(CultureInfo.InvariantCulture), Does.Contain(sentence));
        Assert.That(run.Reported[0].Location.GetLineSpan().Path, Is.EqualTo("Code.cs"));
        Assert.That(run.Source, Is.Null);
    }

    [Test]
    public void A_second_one_would_answer_the_same_requests()
    {
        var run = Run.Over("""public static class H { [Handler] public static Response A() => default; [Handler] public static Response B() => default; }""", "a", ("EdgeGwMethod", "GET"), ("EdgeGwPath", "/"));
        Assert.That(run.Reported.Single().Id, Is.EqualTo("EDGEGW009"));
    }
}
