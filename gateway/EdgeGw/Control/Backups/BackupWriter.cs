using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using EdgeGw.Control.Storage;
using Microsoft.Data.Sqlite;

namespace EdgeGw.Control.Backups;

/// <summary>Writes what a state directory has into one <c>.tar.gz</c>. A gateway may run on it meanwhile, and what is written is one state of it.</summary>
internal static class BackupWriter
{
    // A change that removes old epochs may come in between; as often in a row it does not.
    private const int Attempts = 5;

    /// <summary>Writes it. Throws <see cref="BackupException"/> with a sentence, and <see cref="IOException"/> when it cannot be written.</summary>
    /// <param name="root">The state directory.</param>
    /// <param name="path">The file, which must not be there.</param>
    /// <param name="keys">Whether what opens secrets and gateway goes into it.</param>
    /// <param name="now">The time.</param>
    /// <param name="program">The version of this program.</param>
    internal static BackupContents Write(string root, string path, bool keys, DateTimeOffset now, string program)
    {
        if (!Directory.Exists(Path.Combine(root, "epochs")))
        {
            throw new BackupException($"'{root}' is not a state directory of edgegw; say which with --state.");
        }
        if (Path.Exists(path))
        {
            throw new BackupException($"'{path}' is there already; choose another name, or remove it.");
        }
        if (!Directory.Exists(Path.GetDirectoryName(path)))
        {
            throw new BackupException($"There is no folder '{Path.GetDirectoryName(path)}'.");
        }
        var part = $"{path}.{Guid.NewGuid():N}.part";
        Files.CreateDirectory(part);
        try
        {
            for (var attempt = 1; ; attempt++)
            {
                try
                {
                    var archive = Path.Combine(part, "archive");
                    var contents = WriteArchive(root, part, archive, keys, now, program);
                    File.Move(archive, path, overwrite: false);
                    return contents;
                }
                catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException or MissingLibraryException && attempt < Attempts)
                {
                    // An epoch and its libraries were just removed: what is there now is whole.
                }
                catch (MissingLibraryException e)
                {
                    throw new BackupException($"Epoch {e.Epoch} names the library '{e.Library}', which '{root}' does not have: roll back or deploy it again first.");
                }
            }
        }
        catch (SqliteException e)
        {
            throw new BackupException($"'{Path.Combine(root, BackupNames.Database)}' cannot be read: {e.Message}");
        }
        finally
        {
            Directory.Delete(part, recursive: true);
        }
    }

    private static BackupContents WriteArchive(string root, string part, string archive, bool keys, DateTimeOffset now, string program)
    {
        // The database first: what it and the epochs name is still there after it, but for what is removed right now.
        var files = new List<(string Name, string Path)>();
        if (Snapshot(Path.Combine(root, BackupNames.Database), Path.Combine(part, BackupNames.Database)))
        {
            files.Add((BackupNames.Database, Path.Combine(part, BackupNames.Database)));
        }
        // Copies: these may be written anew while they are read.
        foreach (var name in keys ? [.. BackupNames.Small, .. BackupNames.Keys] : BackupNames.Small)
        {
            if (File.Exists(Path.Combine(root, name)))
            {
                File.Copy(Path.Combine(root, name), Path.Combine(part, name), overwrite: true);
                files.Add((name, Path.Combine(part, name)));
            }
        }
        files.AddRange(Below(root, "epochs").Where(file => BackupNames.IsEpoch(file.Name)));
        files.AddRange(Below(root, "crashes").Where(file => BackupNames.IsCrash(file.Name)));
        files.AddRange(Directory.EnumerateDirectories(Path.Combine(root, "artifacts")).Order(StringComparer.Ordinal).SelectMany(folder => Below(root, $"artifacts/{Path.GetFileName(folder)}")).Where(file => BackupNames.IsLibrary(file.Name)));
        var newest = CheckLibraries(files);
        var contents = new BackupContents(BackupContents.CurrentFormat, now, program, newest, [.. files.Select(file => Describe(file.Name, file.Path))]);

        using var to = new FileStream(archive, Files.CreateOptions(FileMode.Create, FileAccess.Write));
        using (var zip = new GZipStream(to, CompressionLevel.Fastest, leaveOpen: true))
        using (var tar = new TarWriter(zip, TarEntryFormat.Pax))
        {
            using var described = new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(contents, BackupJson.Default.BackupContents));
            Add(tar, BackupContents.EntryName, described, now);
            foreach (var (name, path) in files)
            {
                using var content = File.OpenRead(path);
                Add(tar, name, content, now);
            }
        }
        to.Flush(flushToDisk: true);
        return contents;
    }

    private static void Add(TarWriter tar, string name, Stream content, DateTimeOffset now) =>
        tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = content, ModificationTime = now, Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite });

    private static IEnumerable<(string Name, string Path)> Below(string root, string folder) => Directory.Exists(Path.Combine(root, folder))
        ? Directory.EnumerateFiles(Path.Combine(root, folder)).Order(StringComparer.Ordinal).Select(path => ($"{folder}/{Path.GetFileName(path)}", path))
        : [];

    // The newest epoch's number.
    private static long CheckLibraries(List<(string Name, string Path)> files)
    {
        var names = files.Select(file => file.Name).ToHashSet(StringComparer.Ordinal);
        var newest = 0L;
        foreach (var (name, path) in files.Where(file => BackupNames.IsEpoch(file.Name)))
        {
            newest = BackupReader.NumberOf(name);
            foreach (var library in BackupReader.Libraries(BackupReader.ParseEpoch(File.ReadAllBytes(path), name)))
            {
                if (!names.Contains(library))
                {
                    throw new MissingLibraryException(newest, library);
                }
            }
        }
        return newest;
    }

    // SQLite's own way: the whole database as one transaction left it, whoever writes meanwhile.
    private static bool Snapshot(string from, string to)
    {
        if (!File.Exists(from))
        {
            return false;
        }
        File.Delete(to);
        new FileStream(to, Files.CreateOptions(FileMode.CreateNew, FileAccess.Write)).Dispose();
        using var source = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = from, Pooling = false, Mode = SqliteOpenMode.ReadWrite }.ToString());
        using var target = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = to, Pooling = false }.ToString());
        source.Open();
        target.Open();
        source.BackupDatabase(target);
        return true;
    }

    private static BackupFile Describe(string name, string path)
    {
        using var file = File.OpenRead(path);
        return new BackupFile(name, file.Length, Convert.ToHexStringLower(SHA256.HashData(file)));
    }

    private sealed class MissingLibraryException(long epoch, string library) : Exception
    {
        public long Epoch => epoch;

        public string Library => library;
    }
}
