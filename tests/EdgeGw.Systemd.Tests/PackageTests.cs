using System.Globalization;
using System.Text.RegularExpressions;

namespace EdgeGw.Systemd.Tests;

/// <summary>The package itself: what it brings, and what it leaves behind.</summary>
public sealed partial class PackageTests
{
    // What systemd-analyze says of the unit, 0 (safe) to 10; docs/systemd.md states it.
    private const double MostExposure = 1.5;

    [Test]
    public async Task The_unit_is_right_and_exposes_no_more_than_is_documented()
    {
        using var folder = new TemporaryFolder();
        var unpacked = await Command.RunAsync("dpkg-deb", ["-x", Package.File, folder.Root]);
        Assert.That(unpacked.ExitCode, Is.Zero, unpacked.ToString());
        var unit = folder["usr/lib/systemd/system/edgegw.service"];
        var analyzed = await Command.RunAsync("systemd-analyze", ["security", "--offline=yes", "--no-pager", unit]);
        var exposure = double.Parse(Exposure().Match(analyzed.Output).Groups[1].Value, CultureInfo.InvariantCulture);
        Assert.That(exposure, Is.LessThanOrEqualTo(MostExposure), analyzed.Output);
        Assert.That(await File.ReadAllTextAsync(Repository.Path("docs/systemd.md")), Does.Contain(string.Create(CultureInfo.InvariantCulture, $"{MostExposure:0.0} of 10")));
        var verified = await Command.RunAsync("systemd-analyze", ["verify", "--man=no", unit]);
        Assert.That(verified.Error, Does.Not.Contain("Unknown").And.Not.Contain("Failed to parse"));
    }

    [Test]
    public async Task Removing_keeps_settings_and_state_and_purging_leaves_nothing()
    {
        await using var system = await BootedSystem.StartAsync(Package.File, Repository.Fixture("ok1"));
        await system.RunAsync("find / -xdev \\( -path /proc -o -path /sys -o -path /run -o -path /tmp -o -path /var/log -o -path /var/lib/dpkg -o -path /var/lib/systemd -o -path /var/cache \\) -prune -o -name '*edgegw*' -print | grep -v '^/payload' | sort >/run/before; true");
        await system.RunAsync($"dpkg -i {Package.Inside}");
        await system.RunAsync("edgegw deploy /payload/ok1.so && curl -sf http://127.0.0.1:8080/ok");
        await system.RunAsync("zcat /usr/share/man/man1/edgegw.1.gz | grep -q 'edgegw deploy' && bash -n /usr/share/bash-completion/completions/edgegw");

        await system.RunAsync($"dpkg -i {Package.Inside} && curl -sf http://127.0.0.1:8080/ok"); // an upgrade
        await system.RunAsync("dpkg -r edgegw");
        Assert.That(await system.RunAsync("systemctl is-active edgegw || true; pgrep -c edgegw || true"), Is.EqualTo("inactive\n0"));
        await system.RunAsync("test -s /etc/edgegw/edgegw.json && test -d /var/lib/private/edgegw/epochs");

        await system.RunAsync($"dpkg -i {Package.Inside} && curl -sf http://127.0.0.1:8080/ok"); // the state is still there
        await system.RunAsync("dpkg -P edgegw");
        await system.RunAsync("find / -xdev \\( -path /proc -o -path /sys -o -path /run -o -path /tmp -o -path /var/log -o -path /var/lib/dpkg -o -path /var/lib/systemd -o -path /var/cache \\) -prune -o -name '*edgegw*' -print | grep -v '^/payload' | sort >/run/after; diff /run/before /run/after");
        await system.RunAsync("test ! -e /etc/edgegw && test ! -e /var/lib/private/edgegw");
    }

    [GeneratedRegex(@"Overall exposure level for edgegw\.service: ([\d.]+)")]
    private static partial Regex Exposure();
}
