using EdgeGw.Control.Isolation.Groups;

namespace EdgeGw.Tests.Isolation;

/// <summary>Where this process is among the control groups.</summary>
public sealed class OwnGroupTests
{
    private const string Unified = "30 23 0:26 / /sys/fs/cgroup rw,nosuid,nodev,noexec,relatime shared:9 - cgroup2 cgroup2 rw,nsdelegate";

    [TestCase("0::/system.slice/edgegw.service", Unified, "/sys/fs/cgroup/system.slice/edgegw.service", TestName = "The_group_is_found_below_where_the_hierarchy_is_mounted")]
    [TestCase("0::/", Unified, "/sys/fs/cgroup", TestName = "The_root_is_the_mount_itself")]
    [TestCase("0::/a/b", "30 23 0:26 /a /my\\040groups rw - cgroup2 none rw", "/my groups/b", TestName = "A_mounted_part_of_the_hierarchy_is_taken_off_the_path_and_spaces_are_read")]
    [TestCase("0::/ab", "30 23 0:26 /a /groups rw - cgroup2 none rw", null, TestName = "A_part_that_this_process_is_not_in_is_none")]
    [TestCase("4:memory:/x", Unified, null, TestName = "Groups_of_cgroup_v1_alone_are_none")]
    [TestCase("0::/x", "31 23 0:27 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory", null, TestName = "Without_a_mount_there_is_none")]
    [TestCase("0::/x", "garbage", null, TestName = "What_cannot_be_understood_is_passed_over")]
    public void The_group_is_what_the_kernel_says(string group, string mount, string? folder) =>
        Assert.That(OwnGroup.Find(["12:pids:/y", group], ["25 1 0:22 / /proc rw - proc proc rw", mount]), Is.EqualTo(folder));
}
