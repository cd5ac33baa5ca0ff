using EdgeGw.Interop;

namespace EdgeGw.Control.Isolation.Groups;

/// <summary>Where in the unified hierarchy of control groups this process is (cgroups(7), cgroup v2).</summary>
internal static class OwnGroup
{
    // systemd marks what it has delegated (systemd.resource-control(5), Delegate=), the second form where it runs as root.
    private static readonly string[] s_marks = ["user.delegate", "trusted.delegate"];

    /// <summary>The folder of this process's group, by the texts of /proc/self/cgroup and /proc/self/mountinfo; null where there is no cgroup v2, or it cannot be seen from here.</summary>
    internal static string? Find(IEnumerable<string> groups, IEnumerable<string> mounts)
    {
        // "0::/system.slice/edgegw.service"; the other lines are of cgroup v1.
        if (groups.FirstOrDefault(line => line.StartsWith("0::/", StringComparison.Ordinal)) is not { } line)
        {
            return null;
        }
        var path = line[3..];
        foreach (var mount in mounts)
        {
            // "36 25 0:30 ROOT POINT rw,relatime shared:9 - cgroup2 cgroup rw": optional fields end at the dash (proc(5)).
            var fields = mount.Split(' ');
            var dash = Array.IndexOf(fields, "-");
            if (dash < 5 || dash + 1 >= fields.Length || fields[dash + 1] != "cgroup2")
            {
                continue;
            }
            var (root, point) = (Unescaped(fields[3]).TrimEnd('/'), Unescaped(fields[4]));
            if (path == root || path.StartsWith(root + "/", StringComparison.Ordinal))
            {
                var below = path[root.Length..].Trim('/');
                return below.Length == 0 ? point : Path.Combine(point, below);
            }
        }
        return null;
    }

    /// <summary>Whether systemd has left a group to whoever runs in it.</summary>
    internal static bool IsDelegated(string folder) => s_marks.Any(mark => ControlPosix.IsMarked(folder, mark));

    // Spaces and the like are octal there.
    private static string Unescaped(string field) => field.Replace("\\040", " ", StringComparison.Ordinal).Replace("\\134", "\\", StringComparison.Ordinal);
}
