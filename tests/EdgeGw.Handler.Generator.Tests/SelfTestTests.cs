namespace EdgeGw.Generator.Tests;

public class SelfTestTests
{
    [Test]
    public void Self_tests_are_in_the_manifest_with_the_method_and_the_host_of_their_route()
    {
        var run = Run.Over("""
            public static class H
            {
                [Handler("GET", "/hello/{name}"), SelfTest("/hello/Ada%20L?x=1", Contains = "Hello, \"Ada\"")]
                public static Response Hello() => default;
                [Handler("*", "/any"), Handler("POST", "/items/{id:int}", Host = "*.example.com")]
                [SelfTest("/any"), SelfTest("/any", Method = "PUT", Status = 204), SelfTest("/items/7", Body = "{}", ContentType = "application/json", Status = 201)]
                public static Response Any() => default;
                [Handler("GET", "/files/{*path}"), SelfTest("/files/a/b")]
                public static Response Files() => default;
            }
            """);
        Assert.That(run.Reported, Is.Empty);
        Assert.That(run.Compiled, Is.Empty);
        Assert.That(run.Source, Does.Contain("""
            \"selfTest\":[{\"method\":\"GET\",\"path\":\"/hello/Ada%20L?x=1\",\"status\":200,\"contains\":\"Hello, \\\"Ada\\\"\"},{\"method\":\"GET\",\"path\":\"/any\",\"status\":200},{\"method\":\"PUT\",\"path\":\"/any\",\"status\":204},{\"method\":\"POST\",\"path\":\"/items/7\",\"headers\":{\"Host\":\"self-test.example.com\",\"Content-Type\":\"application/json\"},\"body\":\"{}\",\"status\":201},{\"method\":\"GET\",\"path\":\"/files/a/b\",\"status\":200}]
            """.Trim()));
    }

    [TestCase("\"/elsewhere\"", "EDGEGW020", "The self-test '/elsewhere' is answered by no route of its method (GET /a/{id:int})")]
    [TestCase("\"/a/b\"", "EDGEGW020", "'/a/b' is answered by no route")]
    [TestCase("\"/a/{id}\"", "EDGEGW020", "'/a/{id}' is answered by no route")]
    [TestCase("\"a/1\"", "EDGEGW020", "'a/1' is answered by no route")]
    [TestCase("\"/a/1\", Method = \"PUT\"", "EDGEGW020", "'PUT /a/1' is answered by no route")]
    [TestCase("\"/a/1\", Status = 100", "EDGEGW021", "'/a/1' expects the status 100")]
    public void A_self_test_that_cannot_pass_is_named_with_its_reason(string arguments, string id, string sentence)
    {
        var run = Run.Over($$"""public static class H { [Handler("GET", "/a/{id:int}"), SelfTest({{arguments}})] public static Response M() => default; }""");
        Assert.That(run.Reported.Select(d => d.Id), Is.EqualTo((string[])[id]));
        Assert.That(run.Reported[0].GetMessage(null), Does.Contain(sentence));
        Assert.That(run.Source, Is.Null);
    }

    [Test]
    public void A_self_test_without_a_route_is_named()
    {
        var run = Run.Over("""public static class H { [Handler("GET", "/")] public static Response M() => default; [SelfTest("/")] public static Response N() => default; }""");
        Assert.That(run.Reported.Select(d => d.Id), Is.EqualTo((string[])["EDGEGW022"]));
    }
}
