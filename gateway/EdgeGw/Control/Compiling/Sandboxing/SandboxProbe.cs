
namespace EdgeGw.Control.Compiling.Sandboxing;

/// <summary>Finds out, by trying, how well this machine can isolate a compiler.</summary>
internal static class SandboxProbe
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    /// <summary>The best that works in <paramref name="folder"/>, which is made for it and removed.</summary>
    internal static async Task<Sandbox> FindAsync(string folder, CancellationToken cancellation)
    {
        var isRoot = System.Environment.IsPrivilegedProcess;
        var user = isRoot ? "They run as root without its rights, with limits of time, memory and disk." : "They run as the gateway's own user, with limits of time, memory and disk.";
        SandboxLevel[] levels =
        [
            new(SandboxKind.Bubblewrap, null),
            new(SandboxKind.Namespaces, $"Compilers see no network and no other processes, but every file that their user may read: install bubblewrap (bwrap) to hide those. {user}"),
            new(SandboxKind.Limits, $"Compilers see the network, and every file that their user may read: this system allows no namespaces to the gateway. {user}"),
        ];
        var sandbox = new Sandbox(levels[0], isRoot);
        foreach (var level in levels)
        {
            sandbox = new Sandbox(level, isRoot);
            if (level.Kind == SandboxKind.Limits || await WorksAsync(sandbox, folder, cancellation))
            {
                break;
            }
        }
        return sandbox;
    }

    private static async Task<bool> WorksAsync(Sandbox sandbox, string folder, CancellationToken cancellation)
    {
        Directory.CreateDirectory(folder);
        try
        {
            var run = await ToolRun.RunAsync(sandbox, new SandboxRequest
            {
                Program = "/bin/true",
                Arguments = [],
                Writable = [folder],
                Timeout = s_patience,
                MemoryBytes = 1L << 30,
                DiskBytes = 1L << 20,
            }, TimeProvider.System, cancellation);
            return run.ExitCode == 0;
        }
        catch (CompileFailedException)
        {
            return false;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
