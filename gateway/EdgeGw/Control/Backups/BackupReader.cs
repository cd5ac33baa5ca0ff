using System.Formats.Tar;
using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using EdgeGw.Control.Epochs;
using EdgeGw.Control.Storage;
using EdgeGw.Epochs;
using Microsoft.Data.Sqlite;

namespace EdgeGw.Control.Backups;

/// <summary>Unpacks a backup into an empty folder and compares everything with what it says of itself. Whoever made the archive, only files that a backup may hold come out of it, as large as they were said to be.</summary>
internal static class BackupReader
{
    private const int MaxContentsBytes = 64 << 20;

    // A header, the names too long for it, and what fills up the block before.
    private const int HeaderBytes = 16 << 10;

    /// <summary>Unpacks. Throws <see cref="BackupException"/> with a sentence; what is in the folder then is of no use.</summary>
    internal static BackupContents Unpack(Stream from, string folder, long maxBytes)
    {
        try
        {
            return UnpackChecked(from, folder, maxBytes);
        }
        catch (Exception e) when (e is InvalidDataException or JsonException or EndOfStreamException or FormatException or ArgumentException or NotSupportedException or OverflowException or SqliteException)
        {
            throw new BackupException($"It is not a whole backup of edgegw: {e.Message.TrimEnd('.')}. Nothing was changed.");
        }
    }

    /// <summary>The number in the name of an epoch's file.</summary>
    internal static long NumberOf(string name) => long.Parse(Path.GetFileNameWithoutExtension(name.AsSpan()), NumberStyles.None, CultureInfo.InvariantCulture);

    /// <summary>Reads an epoch.</summary>
    internal static EpochConfig ParseEpoch(ReadOnlySpan<byte> json, string name)
    {
        try
        {
            return EpochReader.Parse(json, name, NumberOf(name));
        }
        catch (ControlStartException e)
        {
            throw new BackupException(e.Message);
        }
        catch (Exception e) when (e is InvalidDataException or JsonException)
        {
            throw new InvalidDataException($"'{name}' is damaged ({e.Message.TrimEnd('.')})");
        }
    }

    /// <summary>The libraries that an epoch names, as a backup names them.</summary>
    internal static IEnumerable<string> Libraries(EpochConfig epoch) =>
        epoch.Handlers.Concat(epoch.Canaries.Select(canary => canary.Handler)).Select(handler => $"artifacts/{handler.Sha256}/{handler.File}").Distinct();

    private static BackupContents UnpackChecked(Stream from, string folder, long maxBytes)
    {
        using var zip = new GZipStream(from, CompressionMode.Decompress, leaveOpen: true);
        using var bounded = new AllowanceStream(zip);
        using var tar = new TarReader(bounded);
        bounded.Allow(HeaderBytes + MaxContentsBytes);
        var contents = ReadContents(Next(tar));
        var expected = Check(contents, maxBytes);
        foreach (var file in contents.Files)
        {
            bounded.Allow(HeaderBytes);
            var entry = Next(tar) ?? throw new InvalidDataException($"'{file.Name}' is missing");
            if (entry.EntryType is not (TarEntryType.RegularFile or TarEntryType.V7RegularFile) || entry.Name != file.Name)
            {
                throw new InvalidDataException($"it holds '{Shown(entry.Name)}' where it says '{file.Name}'");
            }
            if ((entry.DataStream?.Length ?? 0) != file.Bytes)
            {
                throw new InvalidDataException($"'{file.Name}' has another length than it says");
            }
            bounded.Allow(HeaderBytes + file.Bytes);
            Write(entry.DataStream, file, Path.Combine(folder, file.Name));
        }
        bounded.Allow(HeaderBytes);
        if (Next(tar) is { } more)
        {
            throw new InvalidDataException($"it holds '{Shown(more.Name)}', which it does not name");
        }
        foreach (var name in expected.Where(BackupNames.IsEpoch))
        {
            var epoch = ParseEpoch(File.ReadAllBytes(Path.Combine(folder, name)), name);
            if (Libraries(epoch).FirstOrDefault(library => !expected.Contains(library)) is { } missing)
            {
                throw new InvalidDataException($"epoch {epoch.Number} names '{missing}', which is not in it");
            }
        }
        CheckDatabase(Path.Combine(folder, BackupNames.Database));
        return contents;
    }

    private static TarEntry? Next(TarReader tar) => tar.GetNextEntry();

    private static BackupContents ReadContents(TarEntry? entry)
    {
        if (entry is not { Name: BackupContents.EntryName, EntryType: TarEntryType.RegularFile, DataStream: { Length: <= MaxContentsBytes } described })
        {
            throw new InvalidDataException($"it does not begin with {BackupContents.EntryName}");
        }
        var contents = JsonSerializer.Deserialize(described, BackupJson.Default.BackupContents) ?? throw new InvalidDataException("it says nothing of itself");
        return contents.Format <= BackupContents.CurrentFormat
            ? contents
            : throw new BackupException($"The backup has format {contents.Format} and this edgegw reads {BackupContents.CurrentFormat}: use the edgegw that wrote it ({Shown(contents.Program)}). Nothing was changed.");
    }

    private static HashSet<string> Check(BackupContents contents, long maxBytes)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        var bytes = 0L;
        foreach (var file in contents.Files)
        {
            // Names become paths.
            if (file is null || !BackupNames.IsKnown(file.Name) || !names.Add(file.Name))
            {
                throw new InvalidDataException($"it names '{Shown(file?.Name ?? "null")}', {(file is not null && names.Contains(file.Name) ? "and that twice" : "which no backup has")}");
            }
            if (BackupNames.IsLibrary(file.Name) && file.Name.Split('/')[1] != file.Sha256)
            {
                throw new InvalidDataException($"'{file.Name}' is named by another hash than its own");
            }
            if (file.Bytes < 0 || file.Bytes > maxBytes - bytes)
            {
                throw new BackupException(string.Create(CultureInfo.InvariantCulture, $"Unpacked, the backup is larger than {maxBytes} bytes, the most that is allowed here; say how large it may be with --max-size. Nothing was changed."));
            }
            bytes += file.Bytes;
        }
        return names;
    }

    private static void Write(Stream? content, BackupFile file, string path)
    {
        Files.CreateDirectory(Path.GetDirectoryName(path)!);
        using (var target = new FileStream(path, Files.CreateOptions(FileMode.CreateNew, FileAccess.Write)))
        using (var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256))
        {
            var buffer = new byte[128 << 10];
            while (content?.Read(buffer) is > 0 and var read)
            {
                hash.AppendData(buffer, 0, read);
                target.Write(buffer, 0, read);
            }
            if (Convert.ToHexStringLower(hash.GetHashAndReset()) != file.Sha256)
            {
                throw new InvalidDataException($"'{file.Name}' is damaged");
            }
            target.Flush(flushToDisk: true);
        }
        if (BackupNames.IsLibrary(file.Name))
        {
            Files.SetMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }
    }

    private static void CheckDatabase(string path)
    {
        if (!File.Exists(path))
        {
            return;
        }
        using (var database = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false, Mode = SqliteOpenMode.ReadWrite }.ToString()))
        {
            database.Open();
            using var check = database.CreateCommand();
            check.CommandText = "PRAGMA quick_check(1)";
            if (check.ExecuteScalar() is not "ok")
            {
                throw new InvalidDataException($"'{BackupNames.Database}' is damaged");
            }
        }
        File.Delete(path + "-wal");
        File.Delete(path + "-shm");
    }

    private static string Shown(string name) => string.Concat((name.Length <= 100 ? name : name[..100] + "…").Select(c => char.IsControl(c) ? '?' : c));
}
