using Microsoft.AspNetCore.Http;

namespace EdgeGw.Cli.Tests;

public class ImportTests
{
    private const string Answer = """
        {"applied":true,"dryRun":false,"domain":"d","collection":"c","epoch":7,"elapsedMs":61000,
         "diff":[{"kind":"added","what":"endpoint shop-list","details":["GET /v1/list"],"breaking":false},
                 {"kind":"changed","what":"endpoint shop-get","details":["GET /a → GET /b (breaking)"],"breaking":true},
                 {"kind":"unchanged","what":"collection shop","details":[],"breaking":false}],
         "deployed":[{"endpoint":"shop-list","build":"b1","sha256":"00","cached":false},{"endpoint":"shop-get","build":"b2","sha256":"01","cached":true}]}
        """;

    [Test]
    public async Task A_document_is_compared_and_then_imported_and_deployed()
    {
        await using var gateway = (await ScriptedGateway.StartAsync()).On("POST /api/v1/imports/openapi", Answer);
        using var folder = new TemporaryFolder();
        folder.Write("shop.yaml", "openapi: 3.0.0");
        var result = await gateway.Cli().RunAsync("import", "openapi", folder["shop.yaml"], "--collection", "shop", "--deploy", "--force");
        Assert.That(result.Output, Is.EqualTo("""
              + endpoint shop-list
                  GET /v1/list
              ~ endpoint shop-get
                  GET /a → GET /b (breaking)
              = 1 unchanged
              2 to compile and deploy
            ✓ imported, 2 deployed (epoch 7, 1 min 1 s)

            """));
        Assert.That((result.ExitCode, result.Error), Is.EqualTo((0, "compiling 2 endpoints ...\n")));
        Assert.That(gateway.Seen.Select(seen => seen.Query), Is.EqualTo((string[])["?dryRun=true&deploy=true&force=true&collection=shop", "?dryRun=false&deploy=true&force=true&collection=shop"]));
        Assert.That(gateway.Seen.Select(seen => seen.FileName), Is.All.EqualTo("shop.yaml"));
    }

    [Test]
    public async Task What_lets_somebody_down_is_not_made_without_force()
    {
        await using var gateway = (await ScriptedGateway.StartAsync()).On("POST /api/v1/imports/openapi", Answer);
        using var folder = new TemporaryFolder();
        folder.Write("shop.yaml", "openapi: 3.0.0");
        var result = await gateway.Cli().RunAsync("import", "openapi", folder["shop.yaml"], "--deploy");
        Assert.That(result.ExitCode, Is.EqualTo(1));
        Assert.That(result.Error, Is.EqualTo("edgegw: this lets somebody down, so nothing was changed; --force applies it all the same\n  - endpoint shop-get: GET /a → GET /b (breaking).\n"));
        Assert.That(gateway.Seen, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Each_endpoint_that_does_not_compile_is_named()
    {
        await using var gateway = (await ScriptedGateway.StartAsync()).On("POST /api/v1/imports/openapi", (seen, http) =>
        {
            http.Response.StatusCode = seen.Query.Contains("dryRun=true", StringComparison.Ordinal) ? 200 : 422;
            http.Response.ContentType = http.Response.StatusCode == 200 ? "application/json" : "application/problem+json";
            return http.Response.WriteAsync(http.Response.StatusCode == 200 ? Answer : """{"title":"Not every endpoint compiles, so nothing was changed.","status":422,"reasons":["shop-list: Handler.cs(3,9): CS0103: The name 'x' does not exist."]}""");
        });
        using var folder = new TemporaryFolder();
        folder.Write("shop.yaml", "openapi: 3.0.0");
        var result = await gateway.Cli().RunAsync("import", "openapi", folder["shop.yaml"], "--deploy", "--force");
        Assert.That(result.ExitCode, Is.EqualTo(1));
        Assert.That(result.Error, Does.Contain("Not every endpoint compiles, so nothing was changed").And.Contain("  - shop-list: Handler.cs(3,9): CS0103: The name 'x' does not exist.\n"));
    }
}
