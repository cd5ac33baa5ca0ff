using EdgeGw.Configuration;
using EdgeGw.Control.Data;
using EdgeGw.Control.Identity;
using EdgeGw.Tests.Control;

namespace EdgeGw.Tests.Identity;

/// <summary>How long a session holds, and under which token.</summary>
public sealed class SessionTests
{
    private readonly IdentitySettings _settings = new() { SessionsPerUser = 3 };
    private TestFolder _folder = null!;
    private ControlDatabase _database = null!;
    private HandClock _clock = null!;
    private Users _users = null!;
    private Sessions _sessions = null!;
    private User _ada = null!;

    [SetUp]
    public void Open()
    {
        _folder = new TestFolder();
        _clock = new HandClock();
        _database = new ControlDatabase(_folder["control.db"]);
        IdentityTables.Register(_database);
        _users = new Users(_database, _settings, _clock);
        _sessions = new Sessions(_database, _settings, _clock);
        _ada = _users.Add("ada", "hash", Scopes.Read | Scopes.Admin, enabled: true);
    }

    [TearDown]
    public void Close()
    {
        _database.Dispose();
        _folder.Dispose();
    }

    [Test]
    public void A_token_is_found_by_itself_alone_and_is_not_in_the_database()
    {
        var (session, token) = Begin();
        Assert.That(_sessions.Find(token, out var next)!.Id, Is.EqualTo(session.Id));
        Assert.That(next, Is.Null);
        foreach (var other in (string[])["", "x", token + "x", token[1..], session.Id, session.Csrf, new('x', 100_000)])
        {
            Assert.That(_sessions.Find(other, out _), Is.Null, other);
        }
        _database.Dispose();
        Assert.That(Directory.GetFiles(_folder.Root).Select(file => File.ReadAllText(file, System.Text.Encoding.Latin1)), Has.All.Not.Contains(token));
    }

    [Test]
    public void One_that_is_not_used_ends_and_so_does_one_that_is_used_for_long_enough()
    {
        var (_, idle) = Begin();
        var (_, used) = Begin();
        for (var passed = TimeSpan.Zero; passed < TimeSpan.FromHours(12); passed += TimeSpan.FromMinutes(100))
        {
            Assert.That(_sessions.Find(used, out var next), Is.Not.Null, $"after {passed}");
            used = next ?? used;
            _clock.Pass(TimeSpan.FromMinutes(100));
        }
        Assert.That(_sessions.Find(used, out _), Is.Null, "12 h have passed");
        Assert.That(_sessions.Find(idle, out _), Is.Null);
    }

    [Test]
    public void A_token_is_replaced_in_time_and_the_one_before_holds_until_the_new_one_was_seen_and_a_minute_more()
    {
        var (session, first) = Begin();
        _clock.Pass(TimeSpan.FromMinutes(15));
        Assert.That(_sessions.Find(first, out var second)!.Id, Is.EqualTo(session.Id));
        Assert.That(second, Is.Not.Null.And.Not.EqualTo(first));
        Assert.That(_sessions.Find(first, out var again), Is.Not.Null, "a request that was under way");
        Assert.That(again, Is.Null, "the new one is on its way");

        Assert.That(_sessions.Find(second!, out _)!.Csrf, Is.EqualTo(session.Csrf), "a page keeps what it has read");
        _clock.Pass(TimeSpan.FromSeconds(59));
        Assert.That(_sessions.Find(first, out _), Is.Not.Null);
        _clock.Pass(TimeSpan.FromSeconds(1));
        Assert.That(_sessions.Find(first, out _), Is.Null);
        Assert.That(_sessions.Find(second!, out _), Is.Not.Null);
    }

    [Test]
    public void An_answer_with_a_new_token_that_got_lost_is_made_up_for()
    {
        var (_, first) = Begin();
        _clock.Pass(TimeSpan.FromMinutes(15));
        _sessions.Find(first, out var lost);
        _clock.Pass(TimeSpan.FromMinutes(5));
        Assert.That(_sessions.Find(first, out var second), Is.Not.Null);
        Assert.That(second, Is.Not.Null);
        Assert.That(_sessions.Find(lost!, out _), Is.Null, "nobody ever had it");
        Assert.That(_sessions.Find(second!, out _), Is.Not.Null);
    }

    [Test]
    public void A_login_ends_the_session_that_the_browser_had_and_the_oldest_beyond_the_bound()
    {
        var (planted, token) = Begin();
        _sessions.Begin(_ada, "10.0.0.1", planted);
        Assert.That(_sessions.Find(token, out _), Is.Null);

        var tokens = Enumerable.Range(0, 4).Select(_ =>
        {
            _clock.Pass(TimeSpan.FromSeconds(1));
            return Begin().Token;
        }).ToList();
        Assert.That(tokens.Select(token => _sessions.Find(token, out _) is not null), Is.EqualTo((bool[])[false, true, true, true]));
    }

    [Test]
    public void What_becomes_of_the_user_becomes_of_his_sessions()
    {
        _users.Add("root", "hash", Scopes.Admin, enabled: true);
        var (kept, token) = Begin();
        var (_, other) = Begin();
        _users.Change("ada", null, Scopes.Read, null, null);
        Assert.That(_sessions.Find(token, out _)!.Scopes, Is.EqualTo(Scopes.Read), "fewer scopes hold at once");
        _users.Change("ADA", null, null, null, "another hash", keep: kept.Id);
        Assert.That((_sessions.Find(token, out _), _sessions.Find(other, out _)), Is.EqualTo((_sessions.Find(token, out _), (Session?)null)), "a new password ends the others");
        _users.Change("ada", null, null, false, null, keep: kept.Id);
        Assert.That(_sessions.Find(token, out _), Is.Null, "who is disabled is out");
        _users.Change("ada", null, null, true, null);
        var (_, last) = Begin();
        _users.Remove("ada", null);
        Assert.That(_sessions.Find(last, out _), Is.Null);
    }

    private (Session Session, string Token) Begin() => _sessions.Begin(_ada, "10.0.0.1", before: null);
}
