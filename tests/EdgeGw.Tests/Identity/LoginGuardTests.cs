using EdgeGw.Configuration;
using EdgeGw.Control.Data;
using EdgeGw.Control.Identity;
using EdgeGw.Tests.Control;

namespace EdgeGw.Tests.Identity;

/// <summary>Passwords cannot be guessed by trying.</summary>
public sealed class LoginGuardTests
{
    private const string Password = "correct horse";

    private readonly IdentitySettings _settings = new() { PasswordIterations = 1_000, LoginFailuresPerAddress = 12 };
    private TestFolder _folder = null!;
    private ControlDatabase _database = null!;
    private HandClock _clock = null!;
    private Passwords _passwords = null!;

    [SetUp]
    public async Task Open()
    {
        _folder = new TestFolder();
        _clock = new HandClock();
        _passwords = new Passwords(_settings);
        Reopen();
        new Users(_database, _settings, _clock).Add("ada", await _passwords.HashAsync("ada", Password, CancellationToken.None), Scopes.Admin, enabled: true);
    }

    [TearDown]
    public void Close()
    {
        _passwords.Dispose();
        _database.Dispose();
        _folder.Dispose();
    }

    [Test]
    public async Task After_five_failures_the_right_password_does_not_help_for_a_minute_and_then_for_twice_as_long_each_time()
    {
        await FailAsync("ada", 5);
        Assert.That((await TryAsync("ada", Password)).Wait, Is.EqualTo(TimeSpan.FromMinutes(1)));
        foreach (var minutes in (int[])[1, 2, 4, 8, 16, 32, 60, 60])
        {
            _clock.Pass(TimeSpan.FromMinutes(minutes) - TimeSpan.FromMilliseconds(1));
            Assert.That((await TryAsync("Ada", Password, address: "10.9.9.9")).Wait, Is.EqualTo(TimeSpan.FromMilliseconds(1)), "the case of the letters and the address do not matter");
            _clock.Pass(TimeSpan.FromMilliseconds(1));
            await FailAsync("ada", 1, $"10.1.0.{minutes}");
        }
        _clock.Pass(TimeSpan.FromHours(1));
        Assert.That((await TryAsync("ada", Password)).User?.Name, Is.EqualTo("ada"));
        await FailAsync("ada", 4);
        Assert.That((await TryAsync("ada", Password)).User?.Name, Is.EqualTo("ada"), "a success begins anew");
    }

    [Test]
    public async Task A_restart_does_not_forget()
    {
        await FailAsync("ada", 5);
        _database.Dispose();
        Reopen();
        Assert.That((await TryAsync("ada", Password)).Wait, Is.Not.Null);
    }

    [Test]
    public async Task A_user_that_there_is_not_is_locked_like_another()
    {
        await FailAsync("bob", 5);
        Assert.That((await TryAsync("bob", Password)).Wait, Is.EqualTo(TimeSpan.FromMinutes(1)));
        Assert.That((await TryAsync("ada", Password)).User, Is.Not.Null);
    }

    [Test]
    public async Task An_address_that_tries_many_names_is_locked_with_its_whole_IPv6_network()
    {
        for (var i = 0; i < 12; i++)
        {
            await FailAsync($"user{i}", 1, $"2001:db8::{i}");
        }
        Assert.That((await TryAsync("ada", Password, address: "2001:db8::ffff")).Wait, Is.EqualTo(TimeSpan.FromMinutes(1)));
        Assert.That((await TryAsync("ada", Password, address: "2001:db8:0:1::1")).User, Is.Not.Null);
    }

    [Test]
    public async Task Attempts_side_by_side_count_each()
    {
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => TryAsync("ada", "wrong")));
        Assert.That(outcomes.Count(outcome => outcome.Wait is null), Is.EqualTo(5));
    }

    [Test]
    public async Task More_than_a_few_logins_at_once_are_refused_at_once()
    {
        using var gate = new ManualResetEventSlim();
        var held = Enumerable.Range(0, 16).Select(_ => _passwords.InTurnAsync(() => gate.Wait(TimeSpan.FromMinutes(1)), CancellationToken.None)).ToList();
        Assert.That(async () => await _passwords.InTurnAsync(() => true, CancellationToken.None), Throws.InstanceOf<EdgeGw.Control.Changes.ChangeRefusedException>().With.Property("Status").EqualTo(429));
        gate.Set();
        Assert.That(await Task.WhenAll(held), Has.All.True);
        Assert.That(await _passwords.InTurnAsync(() => true, CancellationToken.None), Is.True);
    }

    [Test]
    public async Task What_is_counted_is_bounded()
    {
        var guard = new LoginGuard(_database, new IdentitySettings { LoginFailures = 1_000, LoginFailuresPerAddress = 1_000_000 }, _clock);
        await FailAsync("ada", 5);
        _database.Write(connection => connection.Run(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000) INSERT INTO login_failure SELECT 'user x' || i, 1, 1, 0 FROM n"));
        guard.Begin("somebody", "10.0.0.2");
        Assert.That(_database.Read(connection => connection.Number("SELECT count(*) FROM login_failure")), Is.EqualTo(10_000));
        Assert.That((await TryAsync("ada", Password)).Wait, Is.Not.Null, "what is locked stays");
    }

    private async Task FailAsync(string user, int times, string address = "10.0.0.1")
    {
        for (var i = 0; i < times; i++)
        {
            Assert.That(await TryAsync(user, "wrong", address), Is.EqualTo(new LoginOutcome(null, null)));
        }
    }

    private Task<LoginOutcome> TryAsync(string user, string password, string address = "10.0.0.1") =>
        new Login(new Users(_database, _settings, _clock), _passwords, new LoginGuard(_database, _settings, _clock)).TryAsync(user, password, address, CancellationToken.None);

    private void Reopen()
    {
        _database = new ControlDatabase(_folder["control.db"]);
        IdentityTables.Register(_database);
    }
}
