using EdgeGw.Control.Supervision;
using EdgeGw.Epochs;

namespace EdgeGw.Services.Tests.Database;

/// <summary>Migrations, as the worker applies them.</summary>
internal abstract partial class DatabaseTests
{
    [SetUp]
    public Task ForgetMigrationsAsync() => RunAsync("drop table if exists edgegw_migrations");

    [Test]
    public async Task Migrations_are_applied_once_and_in_order()
    {
        var name = NewName();
        Migration[] first = [new("0001_make.sql", $"create table {name} (id bigint); -- made\ninsert into {name} values (1);\ninsert into {name} values (2)")];
        Migration[] both = [.. first, new("0002_more.sql", $"insert into {name} select id + 10 from {name};")];
        Assert.That(await MigrateAsync(first), Is.EqualTo("applied 0001_make.sql, present 0"));
        Assert.That(await MigrateAsync(both), Is.EqualTo("applied 0002_more.sql, present 1"));
        Assert.That(await MigrateAsync(both), Is.EqualTo("applied , present 2"));
        Assert.That(await MigrateAsync(first), Is.EqualTo("applied , present 1"));
        Assert.That((await RunAsync($"select id from {name} order by id")).Values.Select(value => value.Integer), Is.EqualTo(new[] { 1, 2, 11, 12 }));
    }

    [Test]
    public async Task A_migration_that_fails_leaves_nothing_and_those_before_it_stay()
    {
        var name = NewName();
        var answer = await MigrateAsync(new("0001_make.sql", $"create table {name} (id bigint)"), new("0002_bad.sql", $"insert into {name} values (1); insert into there_is_none values (1)"),
            new("0003_never.sql", $"drop table {name}"));
        Assert.That(answer, Does.StartWith("0002_bad.sql failed and was rolled back: ").And.Contain("there_is_none").And.EndsWith("| 0001_make.sql was applied before that."));
        Assert.That(await OneAsync($"select count(*) from {name}"), Is.EqualTo("Int64 0"));
        Assert.That(await MigrateAsync(new("0001_make.sql", $"create table {name} (id bigint)"), new("0002_bad.sql", $"insert into {name} values (1)")), Is.EqualTo("applied 0002_bad.sql, present 1"));
    }

    [Test]
    public async Task A_migration_cannot_end_its_own_transaction()
    {
        var name = NewName();
        var answer = await MigrateAsync(new Migration("0001_make.sql", $"create table {name} (id bigint); commit; insert into {name} values (1)"));
        Assert.That(answer, Does.StartWith("0001_make.sql failed and was rolled back: "));
        using var request = Host.Open();
        Assert.That((await request.Database.QueryAsync($"select * from {name}")).Code, Is.EqualTo("42P01"));
    }

    [Test]
    public async Task What_was_applied_must_stay_as_it_was()
    {
        await MigrateAsync(new Migration("0001_one.sql", "select 1;\n"));
        Assert.That(await MigrateAsync(new Migration("0001_one.sql", "select 1;\r\n")), Is.EqualTo("applied , present 1"));
        Assert.That(await MigrateAsync(new Migration("0001_one.sql", "select 2")), Does.StartWith("0001_one.sql was changed after it had been applied"));
        Assert.That(await MigrateAsync(new Migration("0001_other.sql", "select 1")), Does.StartWith("The database has 0001_one.sql as number 0001, not 0001_other.sql"));
    }

    [Test]
    public async Task Several_that_migrate_at_once_apply_each_migration_once()
    {
        var name = NewName();
        Migration[] migrations = [new("0001_make.sql", $"create table {name} (id bigint)"), .. Enumerable.Range(2, 9).Select(i => new Migration($"{i:d4}_add.sql", $"insert into {name} values ({i})"))];
        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => MigrateAsync(migrations)));
        Assert.That(answers, Has.All.StartsWith("applied "));
        Assert.That(await OneAsync($"select count(*) from {name}"), Is.EqualTo("Int64 9"));
    }

    [Test]
    public async Task A_database_that_is_not_there_and_a_wrong_list_are_refused()
    {
        Assert.That(await MigrateAsync(new Migration("first.sql", "select 1")), Does.Contain("is not a migration's name"));
        var (_, reasons) = await Host.Orders.MigrateAsync(new WorkerMigrations(ServiceKinds.Database, "nobody", [new("0001_a.sql", "select 1")]), default);
        Assert.That(reasons, Is.EqualTo(new[] { "The service database:nobody is not available: there is none." }));
        (_, reasons) = await Host.Orders.MigrateAsync(new WorkerMigrations(ServiceKinds.Cache, "default", [new("0001_a.sql", "select 1")]), default);
        Assert.That(reasons, Is.EqualTo(new[] { "cache:default is no database; only databases have migrations." }));
    }

    private static string NewName() => $"t{Guid.NewGuid():n}";

    private async Task<string> MigrateAsync(params Migration[] migrations)
    {
        var (migrated, reasons) = await Host.Orders.MigrateAsync(new WorkerMigrations(Config.Kind, Config.Name, migrations), CancellationToken.None);
        return migrated is null ? string.Join(" | ", reasons) : $"applied {string.Join(' ', migrated.Applied)}, present {migrated.Present}";
    }
}
