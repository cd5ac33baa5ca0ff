namespace EdgeGw.Scouting;

/// <summary>Collects the imports that reach beyond the library itself: they act on the whole process, and so on every other handler in it.</summary>
/// <param name="isAot">Whether it was published with NativeAOT, whose runtime imports some of them in every library.</param>
internal sealed class NotableImports(bool isAot)
{
    private static readonly (string Sentence, string[] Names)[] s_kinds =
    [
        ("can look into other processes", ["ptrace", "process_vm_readv", "process_vm_writev"]),
        ("can start processes", ["fork", "vfork", "clone", "posix_spawn", "posix_spawnp", "system", "popen", "execl", "execle", "execlp", "execv", "execve", "execvp", "execvpe", "fexecve", "daemon"]),
        ("can end the whole process", ["exit", "_exit", "_Exit", "quick_exit"]),
        ("can change how the whole process takes signals", ["sigaction", "signal", "sigset", "sigignore", "bsd_signal", "sysv_signal"]),
        ("can send signals to other processes", ["kill", "killpg", "tgkill", "sigqueue"]),
        ("can change the environment of the whole process", ["setenv", "putenv", "unsetenv", "clearenv", "setlocale"]),
        ("can change the working directory or root of the whole process", ["chdir", "fchdir", "chroot", "pivot_root", "umask"]),
        ("can change whom the process runs as", ["setuid", "setgid", "seteuid", "setegid", "setreuid", "setregid", "setresuid", "setresgid", "setgroups", "initgroups", "capset"]),
        ("can change the limits of the whole process", ["setrlimit", "setrlimit64", "prlimit", "prlimit64"]),
        ("can leave the namespaces of the process", ["unshare", "setns", "mount", "umount", "umount2"]),
        ("can load further libraries while it runs", ["dlopen", "dlmopen"]),
        ("can close descriptors that are not its own", ["close_range", "closefrom"]),
    ];

    // The runtime writes a core dump through a child, chains signal handlers, and ends the process when it cannot go on.
    private static readonly string[] s_ofTheRuntime = ["fork", "execv", "sigaction", "signal", "exit", "dlopen"];

    private static readonly Dictionary<string, int> s_kindOf = s_kinds.SelectMany((kind, index) => kind.Names.Select(name => (name, index))).ToDictionary(pair => pair.name, pair => pair.index);

    private readonly SortedDictionary<int, SortedSet<string>> _seen = [];

    /// <summary>What was seen, such as <c>can look into other processes (ptrace)</c>.</summary>
    internal IReadOnlyList<string> Sentences => [.. _seen.Select(kind => $"{s_kinds[kind.Key].Sentence} ({string.Join(", ", kind.Value)})")];

    /// <summary>Takes one import.</summary>
    internal void See(string name)
    {
        if (s_kindOf.TryGetValue(name, out var kind) && !(isAot && s_ofTheRuntime.Contains(name)))
        {
            if (!_seen.TryGetValue(kind, out var names))
            {
                _seen.Add(kind, names = new SortedSet<string>(StringComparer.Ordinal));
            }
            names.Add(name);
        }
    }
}
