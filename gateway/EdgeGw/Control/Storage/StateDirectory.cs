using System.Globalization;
using System.Text;
using EdgeGw.Interop;
using Microsoft.Win32.SafeHandles;

namespace EdgeGw.Control.Storage;

/// <summary>The state directory (docs/state.md), held by this one control process until disposed.</summary>
internal sealed class StateDirectory : IDisposable
{
    // sun_path holds 108 bytes, the last of them a zero.
    private const int MaxSocketPathBytes = 107;
    private readonly SafeFileHandle _lock;

    private StateDirectory(string root, SafeFileHandle held)
    {
        Root = root;
        _lock = held;
    }

    internal string Root { get; }
    internal string Epochs => Path.Combine(Root, "epochs");

    /// <summary>Reports of stuck calls.</summary>
    internal string Stuck => Path.Combine(Root, "stuck");
    internal string Artifacts => Path.Combine(Root, "artifacts");
    internal string Crashes => Path.Combine(Root, "crashes");
    internal string Run => Path.Combine(Root, "run");
    internal string SettingsFile => Path.Combine(Run, "settings.json");
    internal string WorkerFile => Path.Combine(Run, "worker.json");
    internal string ControlSocket => Path.Combine(Root, "control.sock");

    /// <summary>What control keeps besides the epochs.</summary>
    internal string Database => Path.Combine(Root, "control.db");

    /// <summary>What the compile service keeps; all of it can be made again.</summary>
    internal string Compile => Path.Combine(Root, "compile");
    internal string TokenFile => Path.Combine(Root, "admin.token");

    /// <summary>There since the first user was made.</summary>
    internal string SetupMark => Path.Combine(Root, "setup.done");

    /// <summary>What secrets are encrypted with, unless the settings name another file.</summary>
    internal string SecretsKey => Path.Combine(Root, "secrets.key");

    internal string WorkerSocket(int id) => Path.Combine(Run, $"worker-{id}.sock");

    internal string WorkerLiveness(int id) => Path.Combine(Run, $"worker-{id}.live");

    internal string WorkerDescriptors(int id) => Path.Combine(Run, $"worker-{id}.fds");

    /// <summary>Where an isolated worker gets its requests.</summary>
    internal string WorkerRelay(int id) => Path.Combine(Run, $"worker-{id}.data");

    /// <summary>Libraries that workers load more than once, in a folder for each worker.</summary>
    internal string Copies => Path.Combine(Run, "copies");

    /// <summary>Those of one worker.</summary>
    internal string WorkerCopies(int id) => Path.Combine(Copies, id.ToString(CultureInfo.InvariantCulture));

    /// <summary>The descriptor that holds the lock.</summary>
    internal SafeFileHandle Lock => _lock;

    /// <summary>Creates what is missing and takes the lock, or keeps the one whose descriptor the program before in this process has left. Throws <see cref="ControlStartException"/> when that cannot be.</summary>
    internal static StateDirectory Open(string path, int? inheritedLock = null)
    {
        var root = Path.GetFullPath(path);
        if (Encoding.UTF8.GetByteCount(Path.Combine(root, "run", "worker-0000000.sock")) > MaxSocketPathBytes)
        {
            throw new ControlStartException($"The state directory's path '{root}' is too long for the Unix sockets in it; choose one of at most 80 bytes with --state.");
        }
        try
        {
            Files.CreateDirectory(root);
            var held = inheritedLock is { } descriptor ? new SafeFileHandle(descriptor, ownsHandle: true) : ControlPosix.OpenForLock(Path.Combine(root, "lock"));
            try
            {
                TakeLock(held, root);
                foreach (var folder in (string[])["epochs", "artifacts", "crashes", "run"])
                {
                    Files.CreateDirectory(Path.Combine(root, folder));
                }
                return new StateDirectory(root, held);
            }
            catch
            {
                held.Dispose();
                throw;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ControlStartException($"The state directory '{root}' cannot be written: {Files.Reason(e)}.");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _lock.Dispose();

    private static void TakeLock(SafeFileHandle file, string root)
    {
        if (!ControlPosix.TryLock(file))
        {
            Span<byte> holder = stackalloc byte[16];
            var id = Encoding.ASCII.GetString(holder[..RandomAccess.Read(file, holder, 0)]).Trim();
            throw new ControlStartException(
                $"The state directory '{root}' is in use by another edgegw (process {id}); stop that one, or choose another directory with --state.");
        }
        RandomAccess.SetLength(file, 0);
        RandomAccess.Write(file, Encoding.ASCII.GetBytes($"{Environment.ProcessId}\n"), 0);
    }
}
