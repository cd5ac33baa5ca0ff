using EdgeGw.Control.Storage;
using Microsoft.Win32.SafeHandles;

namespace EdgeGw.Tests.Control;

/// <summary>The real file system until step <paramref name="faultAt"/>, which fails; a crash leaves every later step undone as well.</summary>
internal sealed class FaultyFiles(int faultAt, bool crash) : IDurableFiles
{
    private readonly DurableFiles _real = new();
    private int _step;

    /// <summary>Steps asked for.</summary>
    internal int Steps => _step;

    public void Write(string path, ReadOnlySpan<byte> content)
    {
        if (Next())
        {
            _real.Write(path, content);
            return;
        }
        _real.Write(path, content[..(content.Length / 2)]); // a torn write
        throw DiskFull();
    }

    public void SyncFile(SafeFileHandle file, string path) => Do(() => _real.SyncFile(file, path));

    public void Rename(string from, string to) => Do(() => _real.Rename(from, to));

    public void Delete(string path) => Do(() => _real.Delete(path));

    public void SyncDirectory(string path) => Do(() => _real.SyncDirectory(path));

    private void Do(Action action)
    {
        if (!Next())
        {
            throw DiskFull();
        }
        action();
    }

    private bool Next()
    {
        var step = _step++;
        return crash ? step < faultAt : step != faultAt;
    }

    private static IOException DiskFull() => new("No space left on device", 28);
}
