using EdgeGw.Services.Database;
using EdgeGw.Services.Database.Postgres;

namespace EdgeGw.Services.Tests.Database.Postgres;

/// <summary>Servers that stop, hang, refuse, are full, or are not the right ones.</summary>
[TestFixture]
internal sealed class PostgresFaultTests
{
    private readonly TemporaryFolder _state = new();
    private PostgresServer _server = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _server = await PostgresServer.StartAsync(tls: true, "max_connections=12", "superuser_reserved_connections=6");

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await _server.DisposeAsync();
        _state.Dispose();
    }

    [Test]
    public async Task A_stopped_server_is_told_at_once_and_its_return_is_noticed()
    {
        await using var host = Host();
        using var request = host.Open();
        Assert.That((await request.Database.QueryAsync("select 1")).Result, Is.EqualTo(AbiResult.Ok));
        await _server.StopAsync();
        await Eventually.TrueAsync(async () => (await request.Database.QueryAsync("select 1")).Code == "08001", () => "the service is known as down");
        var down = await request.Database.QueryAsync("select 1");
        Assert.That((down.Result, down.Error), Is.EqualTo((AbiResult.Unavailable, $"PostgreSQL at 127.0.0.1:{_server.Port} cannot be reached: it refuses connections.")));
        await _server.StartAsync();
        await AnswersAsync(request);
    }

    [Test]
    public async Task Sessions_that_a_restart_ended_while_they_were_idle_are_replaced_without_an_error()
    {
        var clock = new Clock();
        await using var backend = PostgresBackend.Create(PostgresSetup.Config(_server, 4, ("password", PostgresServer.Password)), _state.Root, clock);
        var connection = await backend.RentAsync(default);
        await connection.ReturnAsync();
        await _server.StopAsync();
        await _server.StartAsync();
        clock.Seconds = 2;
        var another = await backend.RentAsync(default);
        Assert.That(await another.ExecuteAsync(new DatabaseStatement("select 1"u8.ToArray(), default), default), Is.Zero);
        Assert.That(another, Is.Not.SameAs(connection));
        await another.ReturnAsync();
    }

    [Test]
    public async Task A_server_that_hangs_costs_its_callers_their_timeout_and_comes_back_by_itself()
    {
        await using var host = Host(config => config with { TimeoutMs = 400 });
        using var request = host.Open();
        var transaction = (await request.Database.BeginAsync()).Open;
        await request.Database.QueryAsync("select 1");
        await _server.FreezeAsync();
        try
        {
            var replies = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => request.Database.QueryAsync("select 1")).Append(request.Database.ExecuteInAsync(transaction, "select 1")));
            Assert.That(replies.Select(reply => reply.Result), Is.All.EqualTo(AbiResult.TimedOut), string.Join('\n', replies.Select(reply => reply.ToString())));
            var later = await request.Database.QueryAsync("select 1");
            Assert.That(later.Result, Is.EqualTo(AbiResult.Unavailable), later.ToString());
        }
        finally
        {
            await _server.ThawAsync();
        }
        await AnswersAsync(request);
    }

    [Test]
    public async Task A_service_ends_although_its_server_hangs()
    {
        var host = Host(config => config with { TimeoutMs = 400 });
        using (var request = host.Open())
        {
            await request.Database.BeginAsync();
            await request.Database.QueryAsync("select 1");
            await _server.FreezeAsync();
            await request.Database.QueryAsync("select 1");
        }
        try
        {
            await host.DisposeAsync().AsTask().WaitAsync(Eventually.Patience);
        }
        finally
        {
            await _server.ThawAsync();
        }
        await Eventually.TrueAsync(async () => await _server.SessionsAsync() == 0, () => "no session is left");
    }

    [Test]
    public async Task A_server_without_a_connection_left_is_told_and_sessions_that_are_there_go_on()
    {
        await _server.SqlAsync("drop role if exists app; create role app login password 'app'");
        await using var host = Host(config => config with { PoolSize = 12 }, ("user", "app"), ("password", $"file:{_state.Write("app", "app")}"));
        using var request = host.Open();
        var replies = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => request.Database.QueryAsync("select pg_sleep(0.3)")));
        Assert.That(replies.Select(reply => (reply.Result, reply.Code)).Distinct(), Is.EquivalentTo(new[] { (AbiResult.Ok, ""), (AbiResult.Unavailable, "53300") }), replies[11].ToString());
        Assert.That(replies.First(reply => reply.Code == "53300").Error, Does.StartWith($"PostgreSQL at 127.0.0.1:{_server.Port} has no connection left"));
        Assert.That((await request.Database.QueryAsync("select 1")).Result, Is.EqualTo(AbiResult.Ok));
    }

    [Test]
    public async Task A_wrong_password_is_told_without_it()
    {
        await using var host = Host(config => config, ("password", $"file:{_state.Write("wrong", "opensesame")}"));
        using var request = host.Open();
        var reply = await request.Database.QueryAsync("select 1");
        Assert.That((reply.Result, reply.Code), Is.EqualTo((AbiResult.Unavailable, "28P01")), reply.ToString());
        Assert.That(reply.Error, Does.Contain("refuses the connection").And.Not.Contains("opensesame"));
    }

    [TestCase("disable", "f")]
    [TestCase("prefer", "t")]
    [TestCase("require", "t")]
    [TestCase("verify-full", "t")]
    public async Task Tls_is_used_as_the_setting_says(string mode, string isEncrypted)
    {
        await using var host = Host(config => config, ("tls", mode), ("caFile", _server.Certificate));
        using var request = host.Open();
        var reply = await request.Database.QueryAsync("select ssl::text from pg_stat_ssl where pid = pg_backend_pid()");
        Assert.That(reply.Result, Is.EqualTo(AbiResult.Ok), reply.ToString());
        Assert.That(reply.Values[0].Text[..1], Is.EqualTo(isEncrypted));
    }

    [Test]
    public async Task A_server_that_another_authority_vouches_for_is_not_trusted()
    {
        Certificates.Write(_state["other.crt"], _state["other.key"], "Other");
        await using var host = Host(config => config, ("tls", "verify-full"), ("caFile", _state["other.crt"]));
        using var request = host.Open();
        Assert.That((await request.Database.QueryAsync("select 1")).Error, Is.EqualTo($"PostgreSQL at 127.0.0.1:{_server.Port} could not be trusted: the certificate is not the one expected."));
    }

    [Test]
    public async Task A_server_without_tls_is_not_spoken_to_when_tls_is_asked_for()
    {
        await using var plain = await PostgresServer.StartAsync();
        await using var host = new ServiceHost(PostgresSetup.Config(plain, 4, ("tls", "require")), _state.Root);
        using var request = host.Open();
        Assert.That((await request.Database.QueryAsync("select 1")).Error, Is.EqualTo($"PostgreSQL at 127.0.0.1:{plain.Port} offers no TLS, and this service asks for it (setting tls)."));
    }

    [Test]
    public async Task A_server_is_reached_by_its_Unix_socket()
    {
        await using var host = Host(config => config, ("host", _server.SocketFolder));
        using var request = host.Open();
        var reply = await request.Database.QueryAsync("select coalesce(client_addr::text, 'socket') from pg_stat_activity where pid = pg_backend_pid()");
        Assert.That((reply.Result, reply.Error), Is.EqualTo((AbiResult.Ok, "")));
        Assert.That(reply.Values[0].Text, Is.EqualTo("socket"));
    }

    [Test]
    public async Task A_Unix_socket_that_is_not_there_is_told()
    {
        await using var host = Host(config => config, ("host", _state.Root));
        using var request = host.Open();
        Assert.That((await request.Database.QueryAsync("select 1")).Error, Is.EqualTo($"PostgreSQL at {_state.Root}/.s.PGSQL.{_server.Port} cannot be reached: there is nothing at this address."));
    }

    [Test]
    public async Task A_database_that_is_not_there_is_told()
    {
        await using var host = Host(config => config, ("database", "nowhere"));
        using var request = host.Open();
        var reply = await request.Database.QueryAsync("select 1");
        Assert.That((reply.Result, reply.Code), Is.EqualTo((AbiResult.Unavailable, "3D000")), reply.ToString());
    }

    private ServiceHost Host(Func<Epochs.EpochService, Epochs.EpochService>? change = null, params (string, string)[] settings) =>
        new((change ?? (config => config))(PostgresSetup.Config(_server, 4, settings)), _state.Root);

    private static Task AnswersAsync(ServiceRequest request)
    {
        var last = default(Reply);
        return Eventually.TrueAsync(async () => (last = await request.Database.QueryAsync("select 1")).Result == AbiResult.Ok, () => $"the service answers again, not {last}");
    }

    private sealed class Clock : TimeProvider
    {
        public long Seconds { get; set; }

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => Seconds;
    }
}
