using EdgeGw.Control.Changes;
using EdgeGw.Control.Data;
using Microsoft.Data.Sqlite;

namespace EdgeGw.Tests.Control.Data;

internal sealed class ControlDatabaseTests
{
    private static readonly string[] s_steps = ["CREATE TABLE thing (name TEXT PRIMARY KEY)", "INSERT INTO thing VALUES ('first')"];

    [Test]
    public void What_was_written_is_there_after_the_next_start_and_each_step_was_made_once()
    {
        using var folder = new TestFolder();
        for (var start = 0; start < 2; start++)
        {
            using var database = Open(folder);
            Assert.That(Names(database), Is.EqualTo(start == 0 ? (string[])["first"] : ["first", "second"]));
            if (start == 0)
            {
                database.Write(connection => Execute(connection, "INSERT INTO thing VALUES ('second')"));
            }
        }
    }

    [Test]
    public void A_step_that_is_added_later_is_made_on_the_next_start()
    {
        using var folder = new TestFolder();
        using (var database = Open(folder))
        {
            Assert.That(Names(database), Has.Count.EqualTo(1));
        }
        using var later = new ControlDatabase(folder["control.db"]);
        later.Migrate("test", [.. s_steps, "INSERT INTO thing VALUES ('of step 3')"]);
        Assert.That(Names(later), Is.EqualTo((string[])["first", "of step 3"]));
    }

    [Test]
    public void A_write_that_throws_leaves_nothing()
    {
        using var folder = new TestFolder();
        using var database = Open(folder);
        Assert.Throws<InvalidOperationException>(() => database.Write(connection =>
        {
            Execute(connection, "INSERT INTO thing VALUES ('half')");
            throw new InvalidOperationException();
        }));
        Assert.That(Names(database), Is.EqualTo((string[])["first"]));
    }

    [Test]
    public void Only_its_owner_may_read_it()
    {
        using var folder = new TestFolder();
        using var database = Open(folder);
        database.Write(connection => Execute(connection, "INSERT INTO thing VALUES ('x')"));
        foreach (var file in Directory.GetFiles(folder.Root, "control.db*"))
        {
            Assert.That(File.GetUnixFileMode(file), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite), file);
        }
    }

    [Test]
    public void One_written_by_a_later_version_is_refused_with_what_to_do()
    {
        using var folder = new TestFolder();
        using (var database = Open(folder))
        {
            _ = Names(database);
        }
        using var earlier = new ControlDatabase(folder["control.db"]);
        earlier.Migrate("test", s_steps[..1]);
        var refusal = Assert.Throws<ChangeRefusedException>(() => Names(earlier));
        Assert.That(refusal.Message, Does.Contain("was written by a later edgegw (test 2, this one knows 1)"));
    }

    [Test]
    public void A_damaged_file_is_a_sentence()
    {
        using var folder = new TestFolder();
        File.WriteAllText(folder["control.db"], new string('x', 8192));
        using var database = Open(folder);
        Assert.That(Assert.Throws<ChangeRefusedException>(() => Names(database)).Message, Does.Contain("is damaged"));
    }

    [Test]
    public void Readers_and_writers_of_many_threads_see_whole_transactions()
    {
        using var folder = new TestFolder();
        using var database = Open(folder);
        Parallel.For(0, 64, i =>
        {
            database.Write(connection =>
            {
                Execute(connection, $"INSERT INTO thing VALUES ('a{i}')");
                Execute(connection, $"INSERT INTO thing VALUES ('b{i}')");
            });
            Assert.That(Names(database).Count % 2, Is.EqualTo(1), "the first, and pairs");
        });
        Assert.That(Names(database), Has.Count.EqualTo(129));
    }

    private static ControlDatabase Open(TestFolder folder)
    {
        var database = new ControlDatabase(folder["control.db"]);
        database.Migrate("test", s_steps);
        return database;
    }

    private static List<string> Names(ControlDatabase database) => database.Read(connection =>
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT name FROM thing ORDER BY name";
        using var rows = command.ExecuteReader();
        var names = new List<string>();
        while (rows.Read())
        {
            names.Add(rows.GetString(0));
        }
        return names;
    });

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
