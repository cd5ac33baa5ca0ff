using System.Text;
using System.Text.Json;

namespace EdgeGw.Cli.Tests;

public class MigrateTests
{
    private const string Call = "POST /api/v1/services/database/main/migrate";

    [Test]
    public async Task The_files_are_sent_in_their_order_and_what_was_applied_is_printed()
    {
        await using var gateway = await ScriptedGateway.StartAsync();
        gateway.On(Call, """{ "applied": ["0002_b.sql"], "present": 1, "ms": 12.3 }""");
        using var folder = Folder("0002_b.sql", "0001_a.sql");
        folder.Write("README.md", "not SQL");
        Directory.CreateDirectory(folder["old.sql"]);
        File.WriteAllText(folder["0003_bom.sql"], "create table ü()", new UTF8Encoding(encoderShouldEmitUTF8Identifier: true));

        var result = await gateway.Cli().RunAsync("service", "migrate", "database:main", folder.Root);

        Assert.That((result.ExitCode, result.Output), Is.EqualTo((0, "  applied 0002_b.sql\n✓ database:main has 1 migration more, after 1 (12 ms)\n")), result.ToString());
        using var sent = JsonDocument.Parse(gateway.Seen.Single().Body);
        Assert.That(sent.RootElement.EnumerateArray().Select(one => (one.GetProperty("name").GetString(), one.GetProperty("sql").GetString())),
            Is.EqualTo(new[] { ("0001_a.sql", "-- 0001_a.sql"), ("0002_b.sql", "-- 0002_b.sql"), ("0003_bom.sql", "create table ü()") }));
    }

    [Test]
    public async Task When_there_is_nothing_to_do_that_is_said_and_json_is_the_APIs()
    {
        const string answer = """{ "applied": [], "present": 2, "ms": 1.5 }""";
        await using var gateway = await ScriptedGateway.StartAsync();
        gateway.On(Call, answer);
        using var folder = Folder("0001_a.sql");
        Assert.That((await gateway.Cli().RunAsync("service", "migrate", "database:main", folder.Root)).Output, Is.EqualTo("✓ database:main has every migration already (2) (1.5 ms)\n"));
        Assert.That((await gateway.Cli().RunAsync("service", "migrate", "database:main", folder.Root, "--json")).Output, Is.EqualTo(answer + "\n"));
    }

    [TestCase("0001_a.sql 0003_c.sql", "0002 is missing before 0003_c.sql: the numbers start at 0001 and have no holes.")]
    [TestCase("0001_a.sql 0001_b.sql", "0001_a.sql and 0001_b.sql have the same number.")]
    [TestCase("0001_a.SQL", "'0001_a.SQL' is not a migration's name: four digits, '_', a name and '.sql', such as 0001_create_pets.sql.")]
    [TestCase("0001_a.sql drop.sql", "'drop.sql' is not a migration's name: four digits, '_', a name and '.sql', such as 0001_create_pets.sql.")]
    [TestCase("notes.txt", "There are no migrations (files such as 0001_create_pets.sql).")]
    public async Task A_folder_that_is_not_right_is_refused_before_the_gateway_is_asked(string names, string reason)
    {
        await using var gateway = await ScriptedGateway.StartAsync();
        using var folder = Folder(names.Split(' '));
        var result = await gateway.Cli().RunAsync("service", "migrate", "database:main", folder.Root);
        Assert.That((result.ExitCode, result.Error), Is.EqualTo((1, $"edgegw: the migrations in {folder.Root} cannot be applied; none was\n  - {reason}\n")));
        Assert.That(gateway.Seen, Is.Empty);
    }

    [Test]
    public async Task Files_that_cannot_be_read_as_text_are_named()
    {
        using var folder = Folder("0001_a.sql");
        File.WriteAllBytes(folder["0002_b.sql"], [0xff, 0xfe, 0x00]);
        File.CreateSymbolicLink(folder["0003_c.sql"], folder["nowhere"]);
        folder.Write("0004_d.sql", "");
        var result = await new Edgegw().RunAsync("service", "migrate", "database:main", folder.Root);
        Assert.That(result.ExitCode, Is.EqualTo(ExitCode.Failed));
        Assert.That(result.Error, Does.Contain("\n  - 0002_b.sql is not UTF-8 text\n").And.Contain("\n  - 0003_c.sql cannot be read: ").And.Not.Contain("0004"));
        File.Delete(folder["0002_b.sql"]);
        File.Delete(folder["0003_c.sql"]);
        File.Move(folder["0004_d.sql"], folder["0002_d.sql"]);
        Assert.That((await new Edgegw().RunAsync("service", "migrate", "database:main", folder.Root)).Error, Does.Contain("\n  - 0002_d.sql is empty.\n"));
    }

    [Test]
    public async Task A_folder_that_is_not_there_is_said()
    {
        using var folder = new TemporaryFolder();
        var result = await new Edgegw().RunAsync("service", "migrate", "database:main", folder["none"]);
        Assert.That((result.ExitCode, result.Error), Is.EqualTo((1, $"edgegw: there is no folder {folder["none"]}\n")));
    }

    [Test]
    public async Task A_migration_that_fails_is_the_gateways_sentence()
    {
        await using var gateway = await ScriptedGateway.StartAsync();
        gateway.On(Call, """{"title":"0001_a.sql: table a is there already; the database is as it was before it","status":422}""", 422);
        using var folder = Folder("0001_a.sql");
        var result = await gateway.Cli().RunAsync("service", "migrate", "database:main", folder.Root);
        Assert.That((result.ExitCode, result.Error), Is.EqualTo((1, "migrating database:main ...\nedgegw: 0001_a.sql: table a is there already; the database is as it was before it\n")));
    }

    private static TemporaryFolder Folder(params string[] names)
    {
        var folder = new TemporaryFolder();
        foreach (var name in names)
            folder.Write(name, $"-- {name}");
        return folder;
    }
}
