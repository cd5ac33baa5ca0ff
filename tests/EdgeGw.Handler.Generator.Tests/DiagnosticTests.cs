using System.Globalization;

namespace EdgeGw.Generator.Tests;

public class DiagnosticTests
{
    [TestCase("public Response M() => default;", "EDGEGW001", "'H.M' must be static to be a handler")]
    [TestCase("public static Response M(int x) => default;", "EDGEGW002", "must take (Context, Request)")]
    [TestCase("public static Response M(Request r, Context c) => default;", "EDGEGW002", "must take (Context, Request)")]
    [TestCase("public static Response M(CancellationToken t, Request r) => default;", "EDGEGW002", "must take (Context, Request)")]
    [TestCase("public static Response M(ref Request r) => default;", "EDGEGW002", "must take (Context, Request)")]
    [TestCase("public static string M() => \"\";", "EDGEGW003", "not string")]
    [TestCase("public static Task M() => Task.CompletedTask;", "EDGEGW003", "not Task")]
    [TestCase("public static Task<int> M() => Task.FromResult(1);", "EDGEGW003", "not Task<int>")]
    [TestCase("public static Response M<T>() => default;", "EDGEGW004", "must not be generic")]
    [TestCase("private static Response M() => default;", "EDGEGW005", "must be public or internal")]
    [TestCase("static Response M() => default;", "EDGEGW005", "must be public or internal")]
    public void A_method_that_cannot_be_a_handler_is_named(string method, string id, string sentence)
        => Reports($$"""public class H { [Handler("GET", "/")] {{method}} }""", id, sentence);

    [Test]
    public void A_method_in_a_private_or_generic_type_cannot_be_called()
    {
        Reports("""public class Outer { private static class H { [Handler("GET", "/")] public static Response M() => default; } }""", "EDGEGW005", "the types around it");
        Reports("""file static class H { [Handler("GET", "/")] public static Response M() => default; }""", "EDGEGW005", "the types around it");
        Reports("""public class H<T> { [Handler("GET", "/")] public static Response M() => default; }""", "EDGEGW004", "in a generic type");
    }

    [TestCase("\"G T\", \"/\"", "EDGEGW006", "'G T' is not an HTTP method")]
    [TestCase("\"\", \"/\"", "EDGEGW006", "'' is not an HTTP method")]
    [TestCase("\"GET\", \"\"", "EDGEGW007", "must begin with '/'")]
    [TestCase("\"GET\", \"a\"", "EDGEGW007", "must begin with '/'")]
    [TestCase("\"GET\", \"/a//b\"", "EDGEGW007", "empty segment")]
    [TestCase("\"GET\", \"/a/../b\"", "EDGEGW007", "'.' or '..'")]
    [TestCase("\"GET\", \"/a?b\"", "EDGEGW007", "cannot be in a path")]
    [TestCase("\"GET\", \"/a%zz\"", "EDGEGW007", "hexadecimal")]
    [TestCase("\"GET\", \"/x{id}\"", "EDGEGW007", "mixes text and a parameter")]
    [TestCase("\"GET\", \"/{id\"", "EDGEGW007", "mixes text and a parameter")]
    [TestCase("\"GET\", \"/{}\"", "EDGEGW007", "has no name")]
    [TestCase("\"GET\", \"/{a b}\"", "EDGEGW007", "has no name")]
    [TestCase("\"GET\", \"/{user-id}\"", "EDGEGW007", "has no name")]
    [TestCase("\"GET\", \"/{größe}\"", "EDGEGW007", "has no name")]
    [TestCase("\"GET\", \"/{1st}\"", "EDGEGW007", "has no name")]
    [TestCase("\"GET\", \"/{id}/{id}\"", "EDGEGW007", "comes twice")]
    [TestCase("\"GET\", \"/{id}/{Id}\"", "EDGEGW007", "comes twice")]
    [TestCase("\"GET\", \"/{*rest}/x\"", "EDGEGW007", "must be the last segment")]
    [TestCase("\"GET\", \"/{id:uint}\"", "EDGEGW008", "unknown type 'uint'")]
    [TestCase("\"GET\", \"/{id:}\"", "EDGEGW008", "unknown type ''")]
    [TestCase("\"GET\", \"/\", Host = \"a b\"", "EDGEGW010", "'a b' is not a host")]
    [TestCase("\"GET\", \"/\", Host = \"a.*.b\"", "EDGEGW010", "'a.*.b' is not a host")]
    [TestCase("\"GET\", \"/\", DeadlineMs = 0", "EDGEGW011", "DeadlineMs of 'H.M' is 0")]
    [TestCase("\"GET\", \"/\", MaxBodyBytes = -1", "EDGEGW011", "MaxBodyBytes of 'H.M' is -1")]
    [TestCase("\"GET\", \"/\", Concurrency = 0", "EDGEGW011", "Concurrency of 'H.M' is 0")]
    public void A_route_that_cannot_work_is_named_with_its_reason(string arguments, string id, string sentence)
        => Reports($$"""public class H { [Handler({{arguments}})] public static Response M() => default; }""", id, sentence);

    [TestCase("\"GET\", \"/a/{id}\"", "\"GET\", \"/a/{name}/\"")]
    [TestCase("\"GET\", \"/a/{id:int}\"", "\"GET\", \"/a/{name:int}\"")]
    [TestCase("\"GET\", \"/a/{*x}\"", "\"GET\", \"/a/{*y}\"")]
    [TestCase("\"GET\", \"/%41\"", "\"GET\", \"/A\"")]
    [TestCase("\"GET\", \"/\", Host = \"Example.com\"", "\"GET\", \"/\", Host = \"example.com\"")]
    public void Two_routes_of_one_shape_are_a_conflict(string first, string second)
        => Reports($$"""public class H { [Handler({{first}})] public static Response A() => default; [Handler({{second}})] public static Response B() => default; }""",
            "EDGEGW009", "'H.A' has the same host, method and shape");

    [TestCase("\"GET\", \"/a/{id}\"", "\"GET\", \"/a/{id:int}\"")]
    [TestCase("\"GET\", \"/a\"", "\"POST\", \"/a\"")]
    [TestCase("\"GET\", \"/a\"", "\"GET\", \"/A\"")]
    [TestCase("\"GET\", \"/a\"", "\"GET\", \"/a\", Host = \"*.example.com\"")]
    public void Routes_that_differ_in_shape_live_together(string first, string second)
    {
        var run = Run.Over($$"""public class H { [Handler({{first}})] public static Response A() => default; [Handler({{second}})] public static Response B() => default; }""");
        Assert.That(run.Reported, Is.Empty);
        Assert.That(run.Compiled, Is.Empty);
    }

    [TestCase("[HandlerStartup] public static int S() => 1;", "EDGEGW014", "[HandlerStartup]")]
    [TestCase("[HandlerStartup] public static async void S() { }", "EDGEGW014", "[HandlerStartup]")]
    [TestCase("[HandlerSelfTest] public void S() { }", "EDGEGW014", "[HandlerSelfTest]")]
    [TestCase("[HandlerSelfTest] public static void S(Context c) { }", "EDGEGW014", "[HandlerSelfTest]")]
    [TestCase("[HandlerStartup] public static void S() { } [HandlerStartup] public static void T() { }", "EDGEGW015", "'global::H.T' is one too many")]
    public void A_hook_that_cannot_be_called_is_named(string hook, string id, string sentence)
        => Reports($$"""public class H { [Handler("GET", "/")] public static Response M() => default; {{hook}} }""", id, sentence);

    [Test]
    public void A_name_that_no_gateway_takes_is_refused_at_compile_time()
    {
        const string Code = """public class H { [Handler("GET", "/")] public static Response M() => default; }""";
        Assert.That(Run.Over(Code, "My Handlers").Reported.Single().Id, Is.EqualTo("EDGEGW013"));
        Assert.That(Run.Over(Code, "My Handlers", ("EdgeGwHandlerName", "fine")).Reported, Is.Empty);
        Assert.That(Run.Over(Code, "a", ("Version", new string('1', 65))).Reported.Single().Id, Is.EqualTo("EDGEGW013"));
    }

    [Test]
    public void A_handler_project_without_handlers_is_an_error_and_another_project_is_not()
    {
        Assert.That(Run.Over("class C;", "a", ("EdgeGwHandlerProject", "true")).Reported.Single().Id, Is.EqualTo("EDGEGW012"));
        Assert.That(Run.Over("class C;").Reported, Is.Empty);
        Assert.That(Run.Over("class C;").Source, Is.Null);
    }

    private static void Reports(string code, string id, string sentence)
    {
        var run = Run.Over(code);
        Assert.That(run.Reported.Select(d => d.Id), Is.EqualTo(new[] { id }));
        Assert.That(run.Reported[0].GetMessage(CultureInfo.InvariantCulture), Does.Contain(sentence));
        Assert.That(run.Reported[0].Location.GetLineSpan().Path, Is.EqualTo("Code.cs"));
        Assert.That(run.Source, Is.Null, "Nothing may be generated from what cannot work.");
    }
}
