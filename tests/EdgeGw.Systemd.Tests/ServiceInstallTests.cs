namespace EdgeGw.Systemd.Tests;

/// <summary><c>edgegw service install</c>, without a package.</summary>
public sealed class ServiceInstallTests
{
    [Test]
    public async Task A_copied_binary_becomes_a_service_whose_restarts_refuse_nobody_and_goes_again()
    {
        var folder = Path.GetDirectoryName(Repository.GatewayBinary)!;
        await using var system = await BootedSystem.StartAsync([Repository.Fixture("ok1"), Repository.GatewayBinary, .. Directory.GetFiles(folder, "*.so")]);
        await system.RunAsync("mkdir -p /usr/local/lib/edgegw; cp /payload/edgegw /payload/libe_sqlite3.so /usr/local/lib/edgegw; ln -s /usr/local/lib/edgegw/edgegw /usr/local/bin/edgegw");
        const string Edgegw = "/usr/local/bin/edgegw";
        await system.RunAsync($"{Edgegw} service install --listen http://127.0.0.1:8090");
        await system.RunAsync($"{Edgegw} deploy /payload/ok1.so");
        Assert.That(await system.RunAsync("systemctl is-active edgegw.service edgegw.socket; systemctl is-enabled edgegw.service edgegw.socket"), Is.EqualTo("active\nactive\nenabled\nenabled"));

        var load = new Load(system, "http://127.0.0.1:8090/ok");
        await load.StartAsync();
        await system.RunAsync("systemctl restart edgegw.service");
        await load.ServedAgainAsync();
        var counts = await load.StopAsync();
        Assert.That(counts.Keys, Has.None.StartsWith("7 ").And.None.StartsWith("28 "), load.ToString());

        await system.RunAsync($"{Edgegw} service uninstall");
        Assert.That(await system.RunAsync("systemctl is-active edgegw.service; ls /etc/systemd/system | grep -c edgegw || true; test -d /var/lib/private/edgegw/epochs && echo kept"), Is.EqualTo("inactive\n0\nkept"));
        Assert.That((await system.TryAsync($"{Edgegw} service uninstall")).Error, Does.Contain("has installed nothing here"));
    }
}
