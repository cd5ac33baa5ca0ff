using System.IO.Enumeration;
using EdgeGw.Abi;
using EdgeGw.Control.Storage;
using EdgeGw.Interop;
using Microsoft.Win32.SafeHandles;

namespace EdgeGw.Services.Storage.Directory;

/// <summary>The files of a storage: <c>objects/</c> as <see cref="ObjectPath"/> lays them out, and <c>tmp/</c> with those that are not objects yet. Blocks its thread.</summary>
internal sealed class ObjectTree
{
    // A folder may go in the moment something is to be put into it: its last object was removed.
    private const int Tries = 16;
    private const int NotThere = 2;

    private static readonly TimeSpan s_forgotten = TimeSpan.FromHours(24);

    private readonly string _objects;
    private readonly string _unfinished;
    private readonly TimeProvider _time;
    private readonly Lazy<bool> _ready;

    /// <summary>A tree below a folder, which is made when it is first needed.</summary>
    public ObjectTree(string root, TimeProvider time)
    {
        (_objects, _unfinished, _time) = (Path.Combine(root, "objects"), Path.Combine(root, "tmp"), time);
        _ready = new Lazy<bool>(Prepare);
    }

    /// <summary>The root of all objects.</summary>
    public string Objects => _ready.Value ? _objects : _objects;

    /// <summary>Begins a file that is no object yet; its path.</summary>
    public FileStream Create()
    {
        _ = _ready.Value;
        return new FileStream(Path.Combine(_unfinished, Guid.NewGuid().ToString("N")), Files.CreateOptions(FileMode.CreateNew, FileAccess.Write));
    }

    /// <summary>Opens an object's file; null when there is none.</summary>
    public SafeFileHandle? Open(string key)
    {
        var path = PathOf(key);
        try
        {
            return HasLink(path) ? null : File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Makes a finished file, already on the disk, the object of a key.</summary>
    public void Commit(string file, string key)
    {
        var path = PathOf(key);
        var folder = Path.GetDirectoryName(path)!;
        for (var i = 1; ; i++)
        {
            try
            {
                CreateFolder(folder);
                if (HasLink(path))
                {
                    throw new ServiceException(AbiResult.Refused, "A symbolic link stands where this object would be; remove it from the storage's folder.", "SymbolicLink");
                }
                File.Move(file, path, overwrite: true);
                Sync(folder);
                return;
            }
            catch (Exception e) when (i < Tries && e is DirectoryNotFoundException or FileNotFoundException && File.Exists(file))
            {
                // once more
            }
        }
    }

    /// <summary>Copies an object's file to one that is no object yet; null when there is none.</summary>
    public string? Duplicate(string key)
    {
        var from = PathOf(key);
        if (HasLink(from))
        {
            return null;
        }
        _ = _ready.Value;
        var to = Path.Combine(_unfinished, Guid.NewGuid().ToString("N"));
        try
        {
            File.Copy(from, to);
            File.SetLastWriteTimeUtc(to, _time.GetUtcNow().UtcDateTime);
            using var copy = new FileStream(to, Files.CreateOptions(FileMode.Open, FileAccess.Write));
            copy.Flush();
            FileSync.Flush(copy.SafeFileHandle, copy.Name);
            return to;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch
        {
            File.Delete(to);
            throw;
        }
    }

    /// <summary>Removes an object, and the folders that it leaves empty.</summary>
    public void Remove(string key)
    {
        var path = PathOf(key);
        if (HasLink(path))
        {
            return;
        }
        try
        {
            File.Delete(path);
        }
        catch (DirectoryNotFoundException)
        {
            return; // there was none
        }
        try
        {
            for (var folder = Path.GetDirectoryName(path)!; folder.Length > _objects.Length; folder = Path.GetDirectoryName(folder)!)
            {
                System.IO.Directory.Delete(folder);
            }
        }
        catch (IOException)
        {
            // something else is in it, or somebody else has removed it
        }
    }

    /// <summary>The names in a folder of the tree, with their order; links are not there.</summary>
    public static IEnumerable<(string Name, string Order)> NamesIn(string folder)
    {
        try
        {
            return [.. new FileSystemEnumerable<(string, string)>(folder, static (ref FileSystemEntry entry) => (entry.FileName.ToString(), ObjectPath.OrderOf(entry.FileName)))
            {
                ShouldIncludePredicate = static (ref FileSystemEntry entry) =>
                    (entry.Attributes & FileAttributes.ReparsePoint) == 0 && (entry.IsDirectory ? entry.FileName[0] is ObjectPath.Folder or ObjectPath.Beginning : entry.FileName[0] == ObjectPath.Object),
            }.OrderBy(static entry => entry.Item2, KeyOrder.Instance)];
        }
        catch (DirectoryNotFoundException)
        {
            return [];
        }
    }

    private string PathOf(string key) => Path.Combine(Objects, ObjectPath.Of(key));

    // Nothing in the tree is a link unless somebody put it there; whatever it points to is not part of the storage.
    private bool HasLink(string path)
    {
        for (; path.Length > _objects.Length; path = Path.GetDirectoryName(path)!)
        {
            if (new FileInfo(path) is { LinkTarget: not null })
            {
                return true;
            }
        }
        return false;
    }

    private static void CreateFolder(string folder)
    {
        if (System.IO.Directory.Exists(folder))
        {
            return;
        }
        var parent = Path.GetDirectoryName(folder)!;
        CreateFolder(parent);
        Files.CreateDirectory(folder);
        Sync(parent);
    }

    private static void Sync(string folder)
    {
        try
        {
            ControlPosix.SyncDirectory(folder);
        }
        catch (IOException e) when (e.HResult == NotThere)
        {
            // removed meanwhile, with all that was in it
        }
    }

    private bool Prepare()
    {
        CreateFolder(_objects);
        CreateFolder(_unfinished);
        // Left by a process that died. One that is still written to is younger.
        foreach (var file in new DirectoryInfo(_unfinished).EnumerateFiles())
        {
            if (_time.GetUtcNow() - file.LastWriteTimeUtc > s_forgotten)
            {
                file.Delete();
            }
        }
        return true;
    }
}
