using System.Diagnostics;
using System.Globalization;

namespace EdgeGw.Control.Compiling.Sandboxing;

/// <summary>Makes the command line that runs a tool in isolation: util-linux and bubblewrap do the work, each replacing itself by the next, so that the process that is started is the leader of
/// the group that has to be killed.</summary>
internal sealed class Sandbox(SandboxLevel level, bool isRoot)
{
    private const string Nobody = "65534";

    // Where programs and libraries are. The first folders are links to the second on most systems.
    private static readonly string[] s_system = ["/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32"];
    private static readonly string[] s_always = ["/usr", "/etc/passwd", "/etc/group", "/etc/nsswitch.conf", "/etc/alternatives", "/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d"];
    private static readonly string[] s_network = ["/etc/resolv.conf", "/etc/hosts", "/etc/ssl", "/etc/pki", "/etc/ca-certificates", "/etc/services", "/etc/protocols"];

    /// <summary>What the machine allows.</summary>
    internal SandboxLevel Level => level;

    /// <summary>The process to start; its streams are the caller's to redirect.</summary>
    internal ProcessStartInfo Start(SandboxRequest request)
    {
        // The time is control's to watch; a control that is killed cannot.
        var longest = request.Timeout + TimeSpan.FromSeconds(5);
        List<string> line = ["setsid", "timeout", "--signal=KILL", string.Create(CultureInfo.InvariantCulture, $"{longest.TotalSeconds:0.###}"), .. Limits(request)];
        switch (level.Kind)
        {
            case SandboxKind.Bubblewrap:
                line.AddRange(["bwrap", .. Bubblewrap(request), "--"]);
                break;
            case SandboxKind.Namespaces:
                line.AddRange(["unshare", "--pid", "--ipc", "--uts", "--fork", "--kill-child"]);
                line.AddRange(isRoot ? [] : ["--user", "--map-current-user"]);
                line.AddRange(request.Network ? [] : ["--net"]);
                line.Add("--");
                break;
        }
        if (isRoot)
        {
            // Bubblewrap gives it a user without rights; elsewhere root loses what makes it root.
            line.AddRange(level.Kind == SandboxKind.Bubblewrap ? [] : ["setpriv", "--bounding-set", "-all", "--inh-caps", "-all", "--no-new-privs", "--"]);
        }
        line.Add(request.Program);
        var start = new ProcessStartInfo("setsid") { UseShellExecute = false, WorkingDirectory = request.Writable[0] };
        foreach (var argument in line.Skip(1).Concat(request.Arguments))
        {
            start.ArgumentList.Add(argument);
        }
        start.Environment.Clear();
        foreach (var (name, value) in Environment(request))
        {
            start.Environment[name] = value;
        }
        return start;
    }

    // Memory that a process writes: what a runtime merely reserves is not counted.
    private static IEnumerable<string> Limits(SandboxRequest request) =>
    [
        "prlimit",
        string.Create(CultureInfo.InvariantCulture, $"--data={request.MemoryBytes}"),
        string.Create(CultureInfo.InvariantCulture, $"--fsize={request.DiskBytes}"),
        string.Create(CultureInfo.InvariantCulture, $"--cpu={(long)request.Timeout.TotalSeconds * System.Environment.ProcessorCount + 1}"),
        "--nofile=4096",
        "--core=0",
    ];

    private static List<string> Bubblewrap(SandboxRequest request)
    {
        List<string> line = ["--unshare-pid", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try", "--hostname", "build"];
        if (!request.Network)
        {
            line.Add("--unshare-net");
        }
        // A user of no number that means anything, who may do nothing but by what is shown to it; its files are the gateway's user's.
        line.AddRange(["--unshare-user", "--uid", Nobody, "--gid", Nobody, "--cap-drop", "ALL"]);
        foreach (var folder in s_system.Where(Path.Exists))
        {
            line.AddRange(new DirectoryInfo(folder).LinkTarget is { } target ? ["--symlink", target, folder] : ["--ro-bind", folder, folder]);
        }
        line.AddRange(["--proc", "/proc", "--dev", "/dev", "--perms", "1777", "--tmpfs", "/tmp"]);
        // The folders above them, which anybody may pass: bubblewrap would make them for its own user alone, and a runtime that may not look for a user's name never ends looking.
        foreach (var parent in request.Readable.Concat(request.Writable).SelectMany(Parents).Append("/etc").Distinct().Where(parent => parent != "/tmp" && !parent.StartsWith("/usr", StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            line.AddRange(["--perms", "0755", "--dir", parent]);
        }
        foreach (var folder in s_always.Concat(request.Network ? s_network : []).Concat(request.Readable).Where(Path.Exists))
        {
            line.AddRange(["--ro-bind", folder, folder]);
        }
        foreach (var folder in request.Writable)
        {
            line.AddRange(["--bind", folder, folder]);
        }
        line.AddRange(["--chdir", request.Writable[0]]);
        return line;
    }

    private static IEnumerable<string> Parents(string folder)
    {
        for (var parent = Path.GetDirectoryName(folder); parent is { Length: > 1 }; parent = Path.GetDirectoryName(parent))
        {
            yield return parent;
        }
    }

    private static Dictionary<string, string> Environment(SandboxRequest request)
    {
        var home = request.Writable[0];
        var variables = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["PATH"] = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            ["LANG"] = "C.UTF-8",
            ["HOME"] = home,
            ["TMPDIR"] = home,
            ["DOTNET_CLI_HOME"] = home,
            ["DOTNET_NOLOGO"] = "1",
            ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1",
            ["DOTNET_SKIP_FIRST_TIME_EXPERIENCE"] = "1",
            ["DOTNET_GENERATE_ASPNET_CERTIFICATE"] = "false",
            ["DOTNET_CLI_WORKLOAD_UPDATE_NOTIFY_DISABLE"] = "true",
            ["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"] = "1",
            ["DOTNET_EnableDiagnostics"] = "0",
            // A process that stays behind would outlive its sandbox.
            ["MSBUILDDISABLENODEREUSE"] = "1",
            ["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0",
            ["UseSharedCompilation"] = "false",
            // Three quarters of what is allowed, in hexadecimal: a collector that knows the limit collects before it.
            ["DOTNET_GCHeapHardLimit"] = (request.MemoryBytes / 4 * 3).ToString("x", CultureInfo.InvariantCulture),
        };
        foreach (var (name, value) in request.Environment)
        {
            variables[name] = value;
        }
        return variables;
    }
}
