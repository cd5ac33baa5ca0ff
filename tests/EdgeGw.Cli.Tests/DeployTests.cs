using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;

namespace EdgeGw.Cli.Tests;

public class DeployTests
{
    [Test]
    public async Task The_library_arrives_whole_with_its_name_and_every_option()
    {
        await using var gateway = await StartAsync();
        using var folder = new TemporaryFolder();
        var bytes = RandomNumberGenerator.GetBytes(1_500_000);
        File.WriteAllBytes(folder["hällo.so"], bytes);
        var result = await gateway.Cli().RunAsync("deploy", folder["hällo.so"], "--name", "hello", "--host", "*.example.com", "--prefix", "/v1", "--wait", "--drain", "5s",
            "--deadline", "500ms", "--concurrency", "9", "--max-body", "10MB", "--heap", "64MiB", "--set", "a=b=c&d", "--set", "greeting=Grüß Gott", "--service", "database:main=database:pets", "--service", "cache:default=cache:x");
        Assert.That(result.ExitCode, Is.Zero, result.ToString());
        var seen = gateway.Seen.First();
        Assert.That(seen.Body, Is.EqualTo(bytes));
        Assert.That(seen.FileName, Is.EqualTo("h_llo.so"));
        Assert.That(seen.Query, Is.EqualTo("?name=hello&host=%2A.example.com&prefix=%2Fv1&wait=true&drainMs=5000&deadlineMs=500&concurrency=9&maxBodyBytes=10000000&heapBytes=67108864"
            + "&set=a%3Db%3Dc%26d&set=greeting%3DGr%C3%BC%C3%9F%20Gott&service=database%3Amain%3Ddatabase%3Apets&service=cache%3Adefault%3Dcache%3Ax"));
    }

    [Test]
    public async Task Without_options_nothing_is_asked_for()
    {
        await using var gateway = await StartAsync();
        using var folder = new TemporaryFolder();
        await gateway.Cli().RunAsync("deploy", folder.Write("hello.so", "library"));
        Assert.That(gateway.Seen.First().Query, Is.Empty);
    }

    [Test]
    public async Task The_success_names_the_version_the_epoch_and_the_URL_to_try()
    {
        await using var gateway = await StartAsync();
        using var folder = new TemporaryFolder();
        var result = await gateway.Cli().RunAsync("deploy", folder.Write("hello.so", "library"));
        Assert.That(result.Output, Is.EqualTo("""
            ✓ hello 1.0.1 is live (epoch 13, 41 ms): GET http://127.0.0.1:8080/hello/{name}
              loads in 3.1 ms, takes 1.6 MB and 1 thread, answers 2 routes (ABI 1.0)

            """));
        Assert.That(result.Error, Is.Empty);
    }

    [Test]
    public async Task Several_routes_are_listed_each_with_its_host_and_a_wildcard_listener_becomes_localhost()
    {
        await using var gateway = await StartAsync();
        gateway.On("GET /api/v1/status", Answers.Status.Replace("127.0.0.1:8080", "*:8080"));
        gateway.On("GET /api/v1/routes", Answers.Routes.Replace("\"handler\": \"other\"", "\"handler\": \"hello\""));
        using var folder = new TemporaryFolder();
        var result = await gateway.Cli().RunAsync("deploy", folder.Write("hello.so", "library"));
        Assert.That(result.Output, Does.StartWith("""
            ✓ hello 1.0.1 is live (epoch 13, 41 ms):
              GET  http://localhost:8080/hello/{name}
              POST http://api.example.com:8080/other

            """));
    }

    [TestCase("true", "the replaced version has finished its requests")]
    [TestCase("false", "requests of the replaced version were still under way when the drain time ended")]
    public async Task Waiting_says_whether_the_replaced_version_has_drained(string drained, string expected)
    {
        await using var gateway = await StartAsync(drained);
        using var folder = new TemporaryFolder();
        var result = await gateway.Cli().RunAsync("deploy", folder.Write("hello.so", "library"), "--wait");
        Assert.That(result.Output, Does.EndWith($"  {expected}\n"));
    }

    [Test]
    public async Task A_deploy_whose_URLs_cannot_be_asked_for_is_still_a_success()
    {
        await using var gateway = await StartAsync();
        gateway.On("GET /api/v1/routes", "{}", 500);
        using var folder = new TemporaryFolder();
        var result = await gateway.Cli().RunAsync("deploy", folder.Write("hello.so", "library"));
        Assert.That(result.ExitCode, Is.Zero);
        Assert.That(result.Output, Does.StartWith("✓ hello 1.0.1 is live (epoch 13, 41 ms)\n"));
    }

    [Test]
    public async Task A_refused_library_gives_every_reason()
    {
        await using var gateway = await ScriptedGateway.StartAsync();
        gateway.On("POST /api/v1/deployments", """{"title":"The library was refused","detail":"hello 2.0.0 was refused","status":422,"reasons":["GET /a is there twice","the name is 'x y'"]}""", 422);
        using var folder = new TemporaryFolder();
        var result = await gateway.Cli().RunAsync("deploy", folder.Write("hello.so", "library"));
        Assert.That((result.ExitCode, result.Error), Is.EqualTo((1, "edgegw: hello 2.0.0 was refused\n  - GET /a is there twice\n  - the name is 'x y'\n")));
    }

    [Test]
    public async Task Files_that_cannot_be_deployed_are_refused_before_the_gateway_is_asked()
    {
        using var folder = new TemporaryFolder();
        var edgegw = new Edgegw().With("EDGEGW_STATE", folder.Root);
        var missing = await edgegw.RunAsync("deploy", folder["nope.so"]);
        var empty = await edgegw.RunAsync("deploy", folder.Write("empty.so", ""));
        var noProject = await edgegw.RunAsync("deploy", folder.Root);
        var missingProject = await edgegw.RunAsync("deploy", folder["nope.csproj"]);
        Assert.That((missing.ExitCode, missing.Error), Is.EqualTo((1, $"edgegw: there is no file or folder {folder["nope.so"]}\n")));
        Assert.That((empty.ExitCode, empty.Error), Is.EqualTo((1, $"edgegw: {folder["empty.so"]} is empty\n")));
        Assert.That((noProject.ExitCode, noProject.Error), Is.EqualTo((1, $"edgegw: there is no project (.csproj) in {folder.Root}; make one with 'edgegw new', or name a published library\n")));
        Assert.That((missingProject.ExitCode, missingProject.Error), Is.EqualTo((1, $"edgegw: there is no project {folder["nope.csproj"]}\n")));
    }

    internal static async Task<ScriptedGateway> StartAsync(string drained = "null")
    {
        var gateway = await ScriptedGateway.StartAsync();
        return gateway.On("GET /api/v1/status", Answers.Status).On("GET /api/v1/routes", Answers.Routes).On("POST /api/v1/deployments", async (seen, http) =>
        {
            http.Response.StatusCode = 201;
            await http.Response.WriteAsync(Answers.Change(seen.Sha256, drained: drained));
        });
    }
}
