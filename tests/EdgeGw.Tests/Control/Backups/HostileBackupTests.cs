using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CsCheck;
using EdgeGw.Control.Backups;

namespace EdgeGw.Tests.Control.Backups;

/// <summary>Archives that somebody else has made, or a disk has damaged: a sentence, and nothing is changed.</summary>
internal sealed class HostileBackupTests
{
    private const int MaxBytes = 1 << 20;

    private static IEnumerable<TestCaseData> Archives()
    {
        var settings = "{}"u8.ToArray();
        yield return Case("nothing", () => [], "not a whole backup");
        yield return Case("no gzip", () => Encoding.ASCII.GetBytes("hello, I am a text"), "not a whole backup");
        yield return Case("a bare tar", () => Tar([Entry("backup.json", Contents())]), "not a whole backup");
        yield return Case("no description", () => Zip([Entry("epochs/0000000001.json", settings)]), "does not begin with backup.json");
        yield return Case("a description that is none", () => Zip([Entry("backup.json", "[]"u8.ToArray())]), "not a whole backup");
        yield return Case("null in the place of a file", () => Zip([Entry("backup.json", """{"format":1,"created":"2026-01-01T00:00:00Z","program":"1","epoch":0,"files":[null]}"""u8.ToArray())]), "it names 'null'");
        yield return Case("a later format", () => Zip([Entry("backup.json", Contents(format: 2))]), "has format 2");
        foreach (var name in (string[])["../evil", "/etc/passwd", "epochs/../../evil", "epochs/0000000001.json/../../evil", "data/main.db", "lock", "control.sock", "run/worker.json", "artifacts/x/y.so", "EPOCHS/0000000001.json", "edgegw.json\n", ""])
        {
            yield return Case($"the name '{name.TrimEnd()}'{(name.EndsWith('\n') ? " and a line end" : "")}", () => Zip([Entry("backup.json", Contents((name, settings))), Entry(name.Length == 0 ? "x" : name, settings)]), "which no backup has");
        }
        yield return Case("one name twice", () => Zip([Entry("backup.json", Contents(("edgegw.json", settings), ("edgegw.json", settings))), Entry("edgegw.json", settings), Entry("edgegw.json", settings)]), "and that twice");
        yield return Case("a link", () => Zip([Entry("backup.json", Contents(("edgegw.json", settings))), Link(TarEntryType.SymbolicLink)]), "where it says 'edgegw.json'");
        yield return Case("a hard link", () => Zip([Entry("backup.json", Contents(("edgegw.json", settings))), Link(TarEntryType.HardLink)]), "where it says 'edgegw.json'");
        yield return Case("a folder", () => Zip([Entry("backup.json", Contents(("edgegw.json", settings))), new PaxTarEntry(TarEntryType.Directory, "edgegw.json")]), "where it says 'edgegw.json'");
        yield return Case("another file than it says", () => Zip([Entry("backup.json", Contents(("edgegw.json", settings))), Entry("../evil", settings)]), "it holds '../evil' where it says");
        yield return Case("a file more than it says", () => Zip([Entry("backup.json", Contents()), Entry("edgegw.json", settings)]), "which it does not name");
        yield return Case("a file less than it says", () => Zip([Entry("backup.json", Contents(("edgegw.json", settings)))]), "'edgegw.json' is missing");
        yield return Case("another content", () => Zip([Entry("backup.json", Contents(("edgegw.json", settings))), Entry("edgegw.json", "[]"u8.ToArray())]), "'edgegw.json' is damaged");
        yield return Case("another length", () => Zip([Entry("backup.json", Contents(("edgegw.json", settings))), Entry("edgegw.json", "{} "u8.ToArray())]), "another length");
        yield return Case("a bomb that says so", () => Zip([Entry("backup.json", Contents(("edgegw.json", settings)).Replace("\"bytes\":2", "\"bytes\":99999999999"))]), "--max-size");
        yield return Case("a bomb in the description", () => Zip([Entry("backup.json", new byte[65 << 20])]), "does not begin with backup.json");
        yield return Case("a bomb in a name", () => Zip([Entry("backup.json", Contents(("edgegw.json", settings))), Entry("epochs/" + new string('0', 1 << 20), settings)]), "more in it than it says");
        yield return Case("a length below nothing", () => Zip([Entry("backup.json", Contents(("edgegw.json", settings)).Replace("\"bytes\":2", "\"bytes\":-2"))]), "--max-size");
        yield return Case("a library by another name", () => Zip([Entry("backup.json", Contents(($"artifacts/{new string('0', 64)}/a.so", settings))), Entry($"artifacts/{new string('0', 64)}/a.so", settings)]), "named by another hash");
        yield return Case("an epoch that is none", () => Zip([Entry("backup.json", Contents(("epochs/0000000001.json", settings))), Entry("epochs/0000000001.json", settings)]), "'epochs/0000000001.json' is damaged");
        yield return Case("a database that is none", () => Zip([Entry("backup.json", Contents(("control.db", new byte[4096]))), Entry("control.db", Encoding.ASCII.GetBytes(new string('x', 4096)))]), "damaged");
        var text = Encoding.ASCII.GetBytes(new string('x', 4096));
        yield return Case("a text as database", () => Zip([Entry("backup.json", Contents(("control.db", text))), Entry("control.db", text)]), "not a database");
    }

    [TestCaseSource(nameof(Archives))]
    public void A_hostile_archive_is_refused_and_nothing_is_changed(byte[] archive, string sentence)
    {
        using var folder = new TestFolder();
        var error = Assert.Throws<BackupException>(() => BackupRestore.Run(folder["s"], new MemoryStream(archive), replace: false, MaxBytes));
        Assert.That(error!.Message, Does.Contain(sentence).And.Not.Contains("\n"));
        AssertUntouched(folder);
    }

    [Test]
    public async Task An_archive_that_is_cut_off_or_has_other_bytes_in_it_is_refused_or_the_same()
    {
        using var folder = new TestFolder();
        await using (var control = await RunningControl.StartAsync())
        {
            await control.DeployAsync(RunningControl.Handler("a", 1));
            BackupWriter.Write(control.State, folder["a.tar.gz"], keys: false, DateTimeOffset.UnixEpoch, "1");
        }
        var whole = await File.ReadAllBytesAsync(folder["a.tar.gz"]);
        var expected = Restored(whole);
        Assert.That(expected, Is.Not.Null);
        Gen.Select(Gen.Int[0, whole.Length - 1], Gen.Byte, Gen.Bool).Sample(
            (place, value, cut) =>
            {
                byte[] damaged = cut ? whole[..place] : [.. whole[..place], value, .. whole[(place + 1)..]];
                // Bytes that gzip does not look at, such as its time, may be any; everything else has its hash.
                return Restored(damaged) is not { } restored || restored == expected;
            },
            iter: 60, threads: 1);
    }

    // What a state directory of an archive has, each file with its hash; null when it was refused.
    private static string? Restored(byte[] archive)
    {
        using var folder = new TestFolder();
        try
        {
            BackupRestore.Run(folder["s"], new MemoryStream(archive), replace: false, 64 << 20);
            return string.Join('\n', Directory.GetFiles(folder["s"], "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(path => $"{Path.GetRelativePath(folder.Root, path)} {Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(path)))}"));
        }
        catch (BackupException)
        {
            AssertUntouched(folder);
            return null;
        }
    }

    private static void AssertUntouched(TestFolder folder)
    {
        // The lock, and what taking it makes.
        Assert.That(Directory.GetFileSystemEntries(folder.Root).Select(Path.GetFileName), Is.EqualTo(new[] { "s" }));
        Assert.That(Directory.GetFiles(folder["s"], "*", SearchOption.AllDirectories).Select(Path.GetFileName), Is.EqualTo(new[] { "lock" }));
    }

    private static TestCaseData Case(string name, Func<byte[]> archive, string sentence) => new TestCaseData(archive(), sentence).SetArgDisplayNames(name);

    private static byte[] Contents(params (string Name, byte[] Content)[] files) => Contents(1, files);

    private static byte[] Contents(int format, params (string Name, byte[] Content)[] files) => JsonSerializer.SerializeToUtf8Bytes(
        new BackupContents(format, DateTimeOffset.UnixEpoch, "1", 0, [.. files.Select(file => new BackupFile(file.Name, file.Content.Length, Convert.ToHexStringLower(SHA256.HashData(file.Content))))]),
        BackupJson.Default.BackupContents);

    private static PaxTarEntry Entry(string name, byte[] content) => new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(content) };

    private static PaxTarEntry Link(TarEntryType type) => new PaxTarEntry(type, "edgegw.json") { LinkName = "/etc/passwd" };

    private static byte[] Tar(IEnumerable<TarEntry> entries)
    {
        using var bytes = new MemoryStream();
        using (var tar = new TarWriter(bytes, TarEntryFormat.Pax, leaveOpen: true))
        {
            foreach (var entry in entries)
            {
                tar.WriteEntry(entry);
            }
        }
        return bytes.ToArray();
    }

    private static byte[] Zip(IEnumerable<TarEntry> entries)
    {
        using var bytes = new MemoryStream();
        using (var zip = new GZipStream(bytes, CompressionLevel.Fastest, leaveOpen: true))
        {
            zip.Write(Tar(entries));
        }
        return bytes.ToArray();
    }
}

file static class Text
{
    public static byte[] Replace(this byte[] bytes, string from, string to) => Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(bytes).Replace(from, to, StringComparison.Ordinal));
}
