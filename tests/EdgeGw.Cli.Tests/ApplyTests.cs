using System.IO.Compression;

namespace EdgeGw.Cli.Tests;

public class ApplyTests
{
    private const string Answer = """
        {"epoch":14,"reason":"apply shop: deploy pets 1.1.0","changed":true,"dryRun":false,"elapsedMs":120.5,"refusals":[],
         "diff":[{"kind":"added","what":"handler cart","details":[],"breaking":false},
                 {"kind":"changed","what":"handler pets","details":["version 1.0.0 → 1.1.0"],"breaking":false},
                 {"kind":"removed","what":"service cache:old","details":[],"breaking":false},
                 {"kind":"unchanged","what":"handler x","details":[],"breaking":false}]}
        """;

    [Test]
    public async Task The_difference_is_shown_and_then_made()
    {
        await using var gateway = (await ScriptedGateway.StartAsync()).On("POST /api/v1/bundles", Answer);
        using var folder = Bundle();
        var result = await gateway.Cli().RunAsync("apply", "-f", folder.Root, "--prune");
        Assert.That(result.Output, Is.EqualTo("""
              + handler cart
              ~ handler pets
                  version 1.0.0 → 1.1.0
              - service cache:old
              = 1 unchanged
            ✓ applied (epoch 14, 121 ms)

            """));
        Assert.That(result.ExitCode, Is.Zero);
        Assert.That(gateway.Seen.Select(seen => seen.Query), Is.EqualTo((string[])["?dryRun=true&prune=true&force=false&deploy=false", "?dryRun=false&prune=true&force=false&deploy=false"]));
    }

    [Test]
    public async Task A_dry_run_asks_once()
    {
        await using var gateway = (await ScriptedGateway.StartAsync()).On("POST /api/v1/bundles", Answer);
        using var folder = Bundle();
        var result = await gateway.Cli().RunAsync("apply", "-f", folder["bundle.yaml"], "--dry-run");
        Assert.That(result.Output, Does.EndWith("✓ nothing was changed\n"));
        Assert.That(gateway.Seen, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task What_lets_somebody_down_is_not_made_without_force()
    {
        await using var gateway = (await ScriptedGateway.StartAsync()).On("POST /api/v1/bundles", Answer.Replace("\"refusals\":[]", "\"refusals\":[\"handler pets: POST /pets is removed (breaking).\"]", StringComparison.Ordinal));
        using var folder = Bundle();
        var result = await gateway.Cli().RunAsync("apply", "-f", folder.Root);
        Assert.That(result.ExitCode, Is.EqualTo(1));
        Assert.That(result.Error, Is.EqualTo("edgegw: this lets somebody down, so nothing was changed; --force applies it all the same\n  - handler pets: POST /pets is removed (breaking).\n"));
        Assert.That(gateway.Seen, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task The_archive_has_the_document_the_variables_that_it_uses_and_the_files_that_it_names()
    {
        await using var gateway = (await ScriptedGateway.StartAsync()).On("POST /api/v1/bundles", Answer);
        using var folder = Bundle();
        folder.Write("other.so", "not named");
        await gateway.Cli().With("MODE", "fast").With("OTHER", "not used").RunAsync("apply", "-f", folder.Root, "--dry-run");
        using var zip = new ZipArchive(new MemoryStream(gateway.Seen.Single().Body));
        Assert.That(zip.Entries.Select(entry => $"{entry.FullName}: {Text(entry)}"), Is.EqualTo((string[])
            [$"bundle.yaml: {File.ReadAllText(folder["bundle.yaml"])}", "bundle.env: MODE=fast\n", "lib/pets.so: library"]));
    }

    [Test]
    public async Task What_is_wrong_with_the_bundle_is_said_before_anything_is_sent()
    {
        await using var gateway = await ScriptedGateway.StartAsync();
        using var folder = new TemporaryFolder();
        folder.Write("bundle.yaml", "bundle: 1\nhandlers:\n  a: {libary: a.so}\n  b: {settings: {k: '${NOT_SET_ANYWHERE}'}}\n");
        var result = await gateway.Cli().RunAsync("apply", "-f", folder.Root);
        Assert.That(result.ExitCode, Is.EqualTo(1));
        Assert.That(result.Error, Does.Contain("  - bundle.yaml:3:7: 'libary' means nothing here; did you mean 'library'?\n").And.Contain("bundle.yaml:4:21: The variable NOT_SET_ANYWHERE is not set"));
        Assert.That(gateway.Seen, Is.Empty);
    }

    [Test]
    public async Task A_link_in_the_folder_is_not_followed()
    {
        await using var gateway = await ScriptedGateway.StartAsync();
        using var folder = Bundle();
        File.Delete(folder["lib/pets.so"]);
        File.CreateSymbolicLink(folder["lib/pets.so"], "/etc/hostname");
        var result = await gateway.Cli().RunAsync("apply", "-f", folder.Root);
        Assert.That((result.ExitCode, result.Error), Is.EqualTo((1, "edgegw: 'lib/pets.so' is a symbolic link, or behind one; a bundle has plain files only.\n")));
        Assert.That(gateway.Seen, Is.Empty);
    }

    [TestCase("missing", "there is no file or folder")]
    [TestCase("empty", "has no bundle.yaml")]
    public async Task What_is_not_there_is_said(string name, string sentence)
    {
        await using var gateway = await ScriptedGateway.StartAsync();
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["empty"]);
        var result = await gateway.Cli().RunAsync("apply", "-f", folder[name]);
        Assert.That(result.ExitCode, Is.EqualTo(1));
        Assert.That(result.Error, Does.Contain(sentence));
    }

    [Test]
    public async Task An_export_is_written_as_it_came_or_unpacked()
    {
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            using var writer = new StreamWriter(zip.CreateEntry("lib/a.so").Open());
            writer.Write("library");
        }
        await using var gateway = (await ScriptedGateway.StartAsync()).On("GET /api/v1/bundles/export", async (_, http) => await http.Response.Body.WriteAsync(bytes.ToArray()));
        using var folder = new TemporaryFolder();

        var file = await gateway.Cli().RunAsync("export", "-o", folder["b.zip"]);
        var unpacked = await gateway.Cli().RunAsync("export", "-o", folder["out"]);
        var again = await gateway.Cli().RunAsync("export", "-o", folder["out"]);

        Assert.That((file.ExitCode, File.ReadAllBytes(folder["b.zip"])), Is.EqualTo((0, bytes.ToArray())));
        Assert.That((unpacked.ExitCode, File.ReadAllText(folder["out/lib/a.so"])), Is.EqualTo((0, "library")));
        Assert.That((again.ExitCode, again.Error), Is.EqualTo((1, $"edgegw: {folder["out"]} is there and not empty: give a .zip file, or a folder that is empty or missing\n")));
    }

    private static TemporaryFolder Bundle()
    {
        var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["lib"]);
        folder.Write("lib/pets.so", "library");
        folder.Write("bundle.yaml", "bundle: 1\nname: shop\nhandlers:\n  pets: {library: lib/pets.so, settings: {mode: '${MODE:-slow}'}}\n");
        return folder;
    }

    private static string Text(ZipArchiveEntry entry)
    {
        using var reader = new StreamReader(entry.Open());
        return reader.ReadToEnd();
    }
}
