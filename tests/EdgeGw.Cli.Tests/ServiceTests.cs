using System.Text;

namespace EdgeGw.Cli.Tests;

public class ServiceTests
{
    private const string Planted = "pl4nted-s3cret";
    private static readonly string[] Orders = ["service", "add", "database:orders", "--provider", "postgres", "--set", "host=db.example.com", "--set", "password=env:PW"];

    [Test]
    public async Task The_list_is_a_table_with_what_is_wrong_below_it()
    {
        await using var gateway = await ScriptedGateway.StartAsync();
        var result = await gateway.On("GET /api/v1/services", Answers.Services).Cli().RunAsync("service", "list");
        Assert.That(result.ExitCode, Is.Zero, result.ToString());
        Assert.That(result.Output, Is.EqualTo("""
            SERVICE          PROVIDER           STATE     RUNNING  QUEUED  CALLS  ERRORS  HANDLERS
            database:main    sqlite (built in)  unknown         -       -      -       -  none
            database:orders  postgres           down            8       3   1234       1  shop, admin
            cache:default    memory             disabled        0       0      7       0  none
            database:orders: the server \u001b[2Jis gone

            """));
    }

    [Test]
    public async Task One_is_shown_with_every_setting_and_secrets_as_references()
    {
        await using var gateway = await ScriptedGateway.StartAsync();
        var result = await gateway.On("GET /api/v1/services/database/orders", Answers.Service(1)).Cli().RunAsync("service", "show", "database:orders");
        Assert.That(result.Output, Is.EqualTo("""
            database:orders is down (postgres)
              - the server \u001b[2Jis gone
              calls     1234, 8 running, 3 waiting, 1 error, 2 refused as busy, 4 timeouts
              bounds    8 at once, 64 waiting, 2.5 s each
              handlers  shop (as database:main), admin

            SETTING   VALUE           
            host      db.example.com  
            password  env:PW          
            port      5432            default

            """));
    }

    [Test]
    public async Task A_service_is_tried_and_then_added_with_every_option()
    {
        await using var gateway = await ScriptedGateway.StartAsync();
        gateway.On("POST /api/v1/services/test", """{ "ok": true, "ms": 3.5 }""").On("PUT /api/v1/services/database/orders", Answers.ServiceChange("add database:orders (postgres)"), 201);
        var result = await gateway.Cli().RunAsync([.. Orders, "--pool", "8", "--queue", "64", "--timeout", "2500ms"]);
        Assert.That((result.ExitCode, result.Output, result.Error), Is.EqualTo((0, "✓ added database:orders (postgres) (epoch 14, 12 ms)\n", "")));
        const string body = """{"kind":"database","name":"orders","provider":"postgres","settings":{"host":"db.example.com","password":"env:PW"},"poolSize":8,"queueLength":64,"timeoutMs":2500}""";
        Assert.That(Asked(gateway), Is.EqualTo((string[])[$"POST /api/v1/services/test {body}", $"PUT /api/v1/services/database/orders {body}"]));
    }

    [Test]
    public async Task What_does_not_work_is_not_added_unless_it_is_not_tried()
    {
        await using var gateway = await ScriptedGateway.StartAsync();
        gateway.On("POST /api/v1/services/test", """{"title":"the server does not accept the password","status":422}""", 422);
        gateway.On("PUT /api/v1/services/database/orders", Answers.ServiceChange("change database:orders (postgres)"), 201);
        var refused = await gateway.Cli().RunAsync(Orders);
        Assert.That((refused.ExitCode, refused.Error), Is.EqualTo((1, "edgegw: the server does not accept the password\n  - nothing was added; --no-test adds a service without trying it\n")));
        Assert.That(gateway.Seen, Has.Count.EqualTo(1));
        var untried = await gateway.Cli().RunAsync([.. Orders, "--no-test"]);
        Assert.That((untried.ExitCode, untried.Output), Is.EqualTo((0, "✓ changed database:orders (postgres) (epoch 14, 12 ms)\n")));
        Assert.That(Asked(gateway).Last(), Does.StartWith("PUT"));
    }

    [TestCase("service add database:orders --provider postgres --set password=" + Planted)]
    [TestCase("service add database:orders --provider postgres --set password=env:" + Planted)]
    [TestCase("service add storage:x --provider s3 --no-test --set secretKey=" + Planted)]
    [TestCase("service test cache:x --provider redis --set password=" + Planted)]
    public async Task A_secret_given_in_place_goes_nowhere(string line)
    {
        await using var gateway = await ScriptedGateway.StartAsync();
        var result = await gateway.Cli().RunAsync(line.Split(' '));
        Assert.That(result.ExitCode, Is.EqualTo(ExitCode.Failed));
        Assert.That(result.Error, Does.Contain("env:").And.Not.Contain(Planted));
        Assert.That(gateway.Seen, Is.Empty);
    }

    [Test]
    public async Task A_service_is_tried_as_it_is_configured_or_as_it_would_be()
    {
        await using var gateway = await ScriptedGateway.StartAsync();
        gateway.On("POST /api/v1/services/test", """{ "ok": true, "ms": 3.5 }""").On("GET /api/v1/services/database/orders", Answers.Service(1));
        var configured = await gateway.Cli().RunAsync("service", "test", "database:orders");
        var given = await gateway.Cli().RunAsync("service", "test", "database:new", "--provider", "sqlite");
        var half = await gateway.Cli().RunAsync("service", "test", "database:new", "--set", "path=/x");
        Assert.That(configured.Output, Is.EqualTo("✓ database:orders works (3.5 ms)\n"));
        Assert.That(given.Output, Is.EqualTo("✓ database:new works (3.5 ms)\n"));
        Assert.That((half.ExitCode, half.Error), Is.EqualTo((2, "edgegw: settings need --provider: without it, the service is tried as it is configured\n")));
        Assert.That(Asked(gateway).Where(asked => asked.StartsWith("POST", StringComparison.Ordinal)), Is.EqualTo((string[])[
            """POST /api/v1/services/test {"kind":"database","name":"orders","provider":"postgres","settings":{"host":"db.example.com","password":"env:PW"},"poolSize":8,"queueLength":64,"timeoutMs":2500}""",
            """POST /api/v1/services/test {"kind":"database","name":"new","provider":"sqlite","settings":{}}"""]));
    }

    [TestCase("service enable cache:x", "POST /api/v1/services/cache/x/enable", "", "enable cache:x", "✓ enabled cache:x (epoch 14, 12 ms)\n")]
    [TestCase("service disable cache:x", "POST /api/v1/services/cache/x/disable", "", "disable cache:x", "✓ disabled cache:x (epoch 14, 12 ms)\n")]
    [TestCase("service disable cache:x --force", "POST /api/v1/services/cache/x/disable", "?force=true", "disable cache:x", "✓ disabled cache:x (epoch 14, 12 ms)\n")]
    [TestCase("service remove cache:x --force", "DELETE /api/v1/services/cache/x", "?force=true", "remove cache:x", "✓ removed cache:x (epoch 14, 12 ms)\n")]
    [TestCase("service remove cache:x", "DELETE /api/v1/services/cache/x", "", "remove cache:x", "✓ removed cache:x (epoch 14, 12 ms)\n")]
    public async Task Switching_and_removing_say_what_was_done(string line, string call, string query, string reason, string output)
    {
        await using var gateway = await ScriptedGateway.StartAsync();
        var result = await gateway.On(call, Answers.ServiceChange(reason)).Cli().RunAsync(line.Split(' '));
        Assert.That((result.ExitCode, result.Output, gateway.Seen.Single().Query), Is.EqualTo((0, output, query)));
    }

    [Test]
    public async Task What_was_so_already_is_said()
    {
        await using var gateway = await ScriptedGateway.StartAsync();
        gateway.On("POST /api/v1/services/cache/x/enable", Answers.ServiceChange("cache:x is enabled already", changed: false));
        Assert.That((await gateway.Cli().RunAsync("service", "enable", "cache:x")).Output, Is.EqualTo("✓ cache:x is enabled already (epoch 14, 12 ms)\n"));
    }

    [TestCase("service remove cache:x")]
    [TestCase("service disable cache:x")]
    public async Task A_refusal_is_a_sentence_and_with_json_the_problem_too(string line)
    {
        const string problem = """{"title":"cache:x is in use by shop: undeploy what uses it first.","status":409}""";
        await using var gateway = await ScriptedGateway.StartAsync();
        gateway.On("DELETE /api/v1/services/cache/x", problem, 409).On("POST /api/v1/services/cache/x/disable", problem, 409);
        var result = await gateway.Cli().RunAsync([.. line.Split(' '), "--json"]);
        Assert.That((result.ExitCode, result.Output, result.Error), Is.EqualTo((1, problem + "\n", "edgegw: cache:x is in use by shop: undeploy what uses it first.\n")));
    }

    [TestCase("service show pets", "'pets' is not a service: write kind:name, such as database:main")]
    [TestCase("service add database:x", "--provider")]
    [TestCase("service add cache:x --provider memory --pool 0", "--pool: '0' is not a whole number from 1 to 1000")]
    [TestCase("service add cache:x --provider memory --timeout 5", "--timeout: '5' is not a duration")]
    [TestCase("service add cache:x --provider memory --set a", "--set: 'a' is not key=value")]
    [TestCase("service", "Required command was not provided.")]
    public async Task A_wrong_line_is_wrong_usage(string line, string reason)
    {
        var result = await new Edgegw().RunAsync(line.Split(' '));
        Assert.That(result.ExitCode, Is.EqualTo(ExitCode.Usage));
        Assert.That(result.Error, Does.Contain(reason).And.Contain("See 'edgegw service"));
    }

    [TestCase("service add cache:x --provider memory --no-test", "PUT /api/v1/services/cache/x")]
    [TestCase("service show cache:x", "GET /api/v1/services/cache/x")]
    [TestCase("service test cache:x --provider memory", "POST /api/v1/services/test")]
    [TestCase("service enable cache:x", "POST /api/v1/services/cache/x/enable")]
    [TestCase("service remove cache:x", "DELETE /api/v1/services/cache/x")]
    public async Task Json_is_the_APIs_unchanged(string line, string call)
    {
        await using var gateway = await ScriptedGateway.StartAsync();
        var result = await gateway.On(call, """{ "of": "the gateway" }""").Cli().RunAsync([.. line.Split(' '), "--json"]);
        Assert.That((result.ExitCode, result.Output), Is.EqualTo((0, "{ \"of\": \"the gateway\" }\n")));
    }

    internal static IEnumerable<string> Asked(ScriptedGateway gateway) => gateway.Seen.Select(seen => $"{seen.Method} {seen.Path} {Encoding.UTF8.GetString(seen.Body)}");
}
