using System.Text;

namespace EdgeGw.Cli.Tests;

/// <summary>Users, keys, secrets and the audit log on the command line.</summary>
public sealed class IdentityTests
{
    private const string Bob = """{"name":"bob","revision":3,"scopes":["read","deploy"],"enabled":true,"created":"2026-01-01T00:00:00Z","lastLogin":"2026-01-01T11:00:00Z"}""";

    private ScriptedGateway _gateway = null!;

    [SetUp]
    public async Task Start() => _gateway = await ScriptedGateway.StartAsync();

    [TearDown]
    public async Task Stop() => await _gateway.DisposeAsync();

    [Test]
    public async Task A_user_is_made_with_a_password_that_is_no_argument()
    {
        _gateway.On("POST /api/v1/users", Bob, 201);
        var result = await Cli("correct horse").RunAsync("users", "add", "bob", "--scope", "deploy", "--scope", "read");
        Assert.That((result.ExitCode, result.Output), Is.EqualTo((0, "✓ bob may log in (read, deploy)\n")), result.Error);
        Assert.That(Body(), Is.EqualTo("""{"name":"bob","password":"correct horse","scopes":["deploy","read"],"enabled":true}"""));
        Assert.That((await Cli("x").RunAsync("users", "add", "bob")).ExitCode, Is.EqualTo(ExitCode.Usage), "a scope must be said");
    }

    [Test]
    public async Task A_change_leaves_what_is_not_said_and_is_of_the_revision_that_was_read()
    {
        string? revision = null;
        _gateway.On("GET /api/v1/users/bob", Bob).On("PUT /api/v1/users/bob", async (_, http) =>
        {
            revision = http.Request.Headers.IfMatch;
            await http.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(Bob.Replace("true", "false", StringComparison.Ordinal)));
        });
        var result = await Cli().RunAsync("users", "change", "bob", "--disable");
        Assert.That((result.ExitCode, result.Output), Is.EqualTo((0, "✓ bob is disabled (read, deploy)\n")), result.Error);
        Assert.That((revision, Body()), Is.EqualTo(("\"3\"", """{"scopes":["read","deploy"],"enabled":false}""")));
    }

    [Test]
    public async Task Lists_are_shown_over_all_their_pages()
    {
        _gateway.On("GET /api/v1/users", async (seen, http) => await http.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(
            seen.Query.Contains("after=bob", StringComparison.Ordinal) ? $$"""{"items":[{{Bob.Replace("bob", "eve", StringComparison.Ordinal)}}],"next":null}""" : $$"""{"items":[{{Bob}}],"next":"bob"}""")));
        Assert.That((await Cli().RunAsync("users", "list")).Output, Is.EqualTo(
            """
            USER  SCOPES       STATE    LAST LOGIN
            bob   read deploy  enabled  1 h ago
            eve   read deploy  enabled  1 h ago

            """));
    }

    [Test]
    public async Task A_key_is_all_that_standard_output_has()
    {
        _gateway.On("POST /api/v1/keys", """{"id":"0a1b","revision":1,"name":"ci","scopes":["read","deploy"],"created":"2026-01-01T00:00:00Z","createdBy":"ada","expires":null,"lastUsed":null,"expired":false,"key":"egw_0a1b_secret"}""", 201);
        var result = await Cli().RunAsync("keys", "add", "ci", "--scope", "deploy", "--days", "2");
        Assert.That((result.ExitCode, result.Output), Is.EqualTo((0, "egw_0a1b_secret\n")), result.Error);
        Assert.That(Body(), Is.EqualTo("""{"name":"ci","scopes":["deploy"],"expires":"2026-01-03T12:00:00+00:00"}"""));

        _gateway.On("GET /api/v1/keys", """{"items":[{"id":"0a1b","revision":1,"name":"ci","scopes":["read","deploy"],"created":"2026-01-01T00:00:00Z","createdBy":"ada","expires":"2026-01-03T12:00:00Z","lastUsed":null,"expired":false}],"next":null}""");
        Assert.That((await Cli().RunAsync("keys", "list")).Output, Does.Contain("0a1b  ci    read deploy  ada      never      2026-01-03 12:00 UTC"));
        string? revision = null;
        _gateway.On("DELETE /api/v1/keys/0a1b", (_, http) =>
        {
            (revision, http.Response.StatusCode) = (http.Request.Headers.IfMatch, 204);
            return Task.CompletedTask;
        });
        Assert.That((await Cli().RunAsync("keys", "remove", "0a1b")).Output, Is.EqualTo("✓ the key 0a1b is removed\n"));
        Assert.That(revision, Is.EqualTo("*"));
    }

    [Test]
    public async Task A_secret_is_set_and_what_it_takes_to_be_in_force_is_said()
    {
        _gateway.On("PUT /api/v1/secrets/db-pw", """{"name":"db-pw","revision":2,"changed":"2026-01-01T00:00:00Z","changedBy":"ada","usedBy":["database:main"]}""");
        var result = await Cli("pl4nted").RunAsync("secrets", "set", "db-pw");
        Assert.That((result.ExitCode, result.Output), Is.EqualTo((0, "✓ secret:db-pw is set; database:main will have it after 'edgegw reload'\n")), result.Error);
        Assert.That(Body(), Is.EqualTo("""{"value":"pl4nted"}"""));
        _gateway.On("DELETE /api/v1/secrets/db-pw", """{"title":"The secret 'db-pw' is used by database:main; change those first, or delete it all the same with --force (force=true).","status":409}""", 409);
        Assert.That((await Cli().RunAsync("secrets", "remove", "db-pw")).ExitCode, Is.EqualTo(1));
        Assert.That((await Cli().RunAsync("secrets", "list", "--json")).ExitCode, Is.EqualTo(1), "not in the script");
    }

    [Test]
    public async Task The_audit_log_is_a_table()
    {
        _gateway.On("GET /api/v1/audit", """{"items":[{"id":7,"time":"2026-01-01T10:00:00Z","who":"ada","kind":"user","address":"10.0.0.7","method":"POST","path":"/api/v1/rollbacks","status":409,"detail":"nothing\u001b to go back to"}],"next":"7"}""");
        var result = await Cli().RunAsync("audit", "--who", "ada", "--limit", "1");
        Assert.That(result.Output, Is.EqualTo(
            """
            TIME (UTC)           WHO  FROM      REQUEST                 ANSWER  WHAT
            2026-01-01 10:00:00  ada  10.0.0.7  POST /api/v1/rollbacks     409  nothing\u001b to go back to

            """), result.Error);
        Assert.That(_gateway.Seen.Single().Query, Is.EqualTo("?limit=1&who=ada"));
    }

    private string Body() => Encoding.UTF8.GetString(_gateway.Seen.Last(seen => seen.Method != "GET").Body);

    private Edgegw Cli(string typed = "") => new Edgegw { Typed = typed }.With("EDGEGW_STATE", _gateway.State);
}
