namespace EdgeGw.Systemd.Tests;

/// <summary>The gateway as the package installs it, in a booted systemd.</summary>
public sealed class InstalledTests
{
    private const string DropIns = "/etc/systemd/system/edgegw.service.d";
    private const string Ok = "curl -sf http://127.0.0.1:8080/ok";

    private BootedSystem _system = null!;

    [OneTimeSetUp]
    public async Task BootAsync()
    {
        _system = await BootedSystem.StartAsync(Package.File, Repository.Fixture("ok1"), Repository.Fixture("Managed"));
        await _system.RunAsync($"dpkg -i {Package.Inside}");
        await _system.RunAsync("edgegw deploy /payload/ok1.so");
    }

    [OneTimeTearDown]
    public async Task EndAsync()
    {
        if (_system is not null)
        {
            await _system.DisposeAsync();
        }
    }

    [Test]
    public async Task It_is_up_after_the_installation_and_systemd_knows_how_it_is()
    {
        Assert.That(await _system.RunAsync("systemctl is-active edgegw; systemctl is-enabled edgegw"), Is.EqualTo("active\nenabled"));
        Assert.That(await _system.RunAsync(Ok), Is.EqualTo("{\"version\":1}"));
        await _system.EventuallyAsync("systemctl show edgegw --property=StatusText | grep -E '^StatusText=Epoch [0-9]+, [1-9] handlers; worker [0-9]+ .process [0-9]+. serves.$'");
        Assert.That(await _system.RunAsync("edgegw service status"), Does.Contain("active").And.Contain("worker"));
    }

    [Test]
    public async Task A_NativeAOT_handler_runs_inside_the_sandbox_and_it_is_a_sandbox()
    {
        await _system.RunAsync("edgegw deploy /payload/Managed.so");
        var worker = await WorkerAsync();
        Assert.That(await _system.RunAsync($"grep -E '^(NoNewPrivs|Seccomp|CapEff):' /proc/{worker}/status | tr -d '\\t'"), Is.EqualTo("CapEff:0000000000000400\nNoNewPrivs:1\nSeccomp:2"));
        Assert.That(await _system.RunAsync($"stat -c %U /proc/{worker}"), Is.Not.EqualTo("root"));
        Assert.That(await _system.RunAsync($"tr '\\0' '\\n' </proc/{worker}/environ | grep -cE '^(NOTIFY_SOCKET|WATCHDOG_USEC)=' || true"), Is.EqualTo("0"), "a handler does not speak for the service");
    }

    [Test]
    public async Task A_worker_that_is_killed_or_frozen_is_replaced_and_the_service_goes_on()
    {
        // Longer than a slow machine lets a worker wait: one that is killed for that is gone before the test can kill it.
        await ConfigureAsync("[Service]\nEnvironment=EDGEGW_Worker__LivenessTimeoutMs=5000\n");
        var control = await _system.PropertyAsync("MainPID");
        foreach (var signal in new[] { "KILL", "STOP" })
        {
            var worker = await WorkerAsync();
            await _system.RunAsync($"kill -{signal} {worker}");
            await _system.EventuallyAsync($"! kill -0 {worker} 2>/dev/null");
            await _system.EventuallyAsync(Ok);
        }
        Assert.That(await _system.PropertyAsync("MainPID"), Is.EqualTo(control), "control is what it was");
        Assert.That(await _system.RunAsync("journalctl -u edgegw --no-pager"), Does.Contain("stood still for 5000 ms"));
    }

    [Test]
    public async Task A_control_that_is_frozen_or_killed_is_restarted_by_systemd_with_the_same_routes()
    {
        // Longer than a slow machine lets it wait: restarts are counted.
        await ConfigureAsync("[Service]\nWatchdogSec=8s\n");
        foreach (var signal in new[] { "STOP", "KILL" })
        {
            var control = await _system.PropertyAsync("MainPID");
            await _system.RunAsync($"kill -{signal} {control}");
            await _system.EventuallyAsync($"! kill -0 {control} 2>/dev/null");
            await _system.EventuallyAsync(Ok);
        }
        Assert.That(await _system.PropertyAsync("NRestarts"), Is.EqualTo("2"));
        Assert.That(await _system.RunAsync("journalctl -u edgegw --no-pager"), Does.Contain("Watchdog timeout"));
    }

    [Test]
    public async Task A_data_plane_that_nobody_revives_brings_the_watchdog()
    {
        await ConfigureAsync("[Service]\nWatchdogSec=8s\nEnvironment=EDGEGW_Worker__LivenessTimeoutMs=0\n");
        var control = await _system.PropertyAsync("MainPID");
        await _system.RunAsync($"kill -STOP {await WorkerAsync()}");
        await _system.EventuallyAsync($"! kill -0 {control} 2>/dev/null");
        await _system.EventuallyAsync(Ok);
        Assert.That(await _system.PropertyAsync("NRestarts"), Is.EqualTo("1"));
    }

    [Test]
    public async Task A_restart_with_socket_activation_refuses_nobody()
    {
        await _system.RunAsync("systemctl stop edgegw; systemctl start edgegw.socket edgegw.service");
        try
        {
            var load = new Load(_system, "http://127.0.0.1:8080/ok");
            await load.StartAsync();
            for (var i = 0; i < 3; i++)
            {
                await _system.RunAsync("systemctl restart edgegw.service");
                await load.ServedAgainAsync();
            }
            var counts = await load.StopAsync();
            Assert.That(counts.Keys, Has.None.StartsWith("7 ").And.None.StartsWith("28 "), $"curl: 7 is refused, 28 without an answer in time; {load}");
            Assert.That(counts["0 200"], Is.GreaterThan(100), load.ToString());
        }
        finally
        {
            await _system.RunAsync("systemctl stop edgegw.socket edgegw.service; systemctl start edgegw.service");
        }
    }

    [Test]
    public async Task A_reload_under_load_fails_nobody_and_is_the_same_process()
    {
        await ConfigureAsync("");
        var control = await _system.PropertyAsync("MainPID");
        var load = new Load(_system, "http://127.0.0.1:8080/ok");
        await load.StartAsync();
        for (var i = 1; i <= 3; i++)
        {
            var worker = await WorkerAsync();
            await _system.RunAsync("systemctl reload edgegw");
            Assert.That(await _system.RunAsync("edgegw status --json | tr -d ' \n' | grep -o '\"upgrades\":[0-9]*'"), Is.EqualTo($"\"upgrades\":{i}"), "it ends when the new one serves");
            await _system.EventuallyAsync($"! kill -0 {worker} 2>/dev/null");
            await load.ServedAgainAsync();
        }
        Assert.That((await load.StopAsync()).Keys, Is.EqualTo(["0 200"]), load.ToString());
        Assert.That((await _system.PropertyAsync("MainPID"), await _system.PropertyAsync("NRestarts")), Is.EqualTo((control, "0")));
        // What was started before the exec is watched after it.
        await _system.RunAsync($"kill -KILL {await WorkerAsync()}");
        await _system.EventuallyAsync(Ok);
    }

    [Test]
    public async Task An_upgrade_of_the_package_under_load_fails_nobody()
    {
        await ConfigureAsync("");
        var control = await _system.PropertyAsync("MainPID");
        var load = new Load(_system, "http://127.0.0.1:8080/ok");
        await load.StartAsync();
        await _system.RunAsync($"dpkg -i {Package.Inside}");
        await load.ServedAgainAsync();
        Assert.That((await load.StopAsync()).Keys, Is.EqualTo(["0 200"]), load.ToString());
        Assert.That(await _system.PropertyAsync("MainPID"), Is.EqualTo(control));
        Assert.That(await _system.RunAsync("edgegw status --json | tr -d ' \n' | grep -o '\"upgrades\":[0-9]*'"), Is.EqualTo("\"upgrades\":1"));
    }

    [Test]
    public async Task A_reload_of_wrong_settings_fails_and_changes_nothing()
    {
        await ConfigureAsync("");
        await _system.RunAsync("cp /etc/edgegw/edgegw.json /run/right.json; echo '{\"Limits\":{\"Connections\":\"many\"}}' >/etc/edgegw/edgegw.json");
        try
        {
            Assert.That((await _system.TryAsync("systemctl reload edgegw")).ExitCode, Is.Not.Zero);
            Assert.That(await _system.RunAsync("journalctl -u edgegw --no-pager"), Does.Contain("Limits:Connections"));
            Assert.That(await _system.RunAsync("systemctl is-active edgegw; " + Ok), Is.EqualTo("active\n{\"version\":1}"));
        }
        finally
        {
            await _system.RunAsync("cp /run/right.json /etc/edgegw/edgegw.json");
        }
    }

    [Test]
    public async Task A_socket_that_no_setting_names_is_refused_with_a_sentence()
    {
        const string Extra = "/etc/systemd/system/edgegw.socket.d";
        await _system.RunAsync($"mkdir -p {Extra}; printf '[Socket]\\nListenStream=127.0.0.1:8099\\n' >{Extra}/test.conf; systemctl daemon-reload; systemctl stop edgegw; systemctl start edgegw.socket");
        try
        {
            await _system.TryAsync("timeout 20 systemctl start edgegw");
            Assert.That(await _system.RunAsync("journalctl -u edgegw --no-pager"), Does.Contain("systemd passed a socket on 127.0.0.1:8099 (edgegw.socket), where the gateway is not told to listen; add that address to Listen"));
        }
        finally
        {
            await _system.RunAsync($"systemctl stop edgegw.service edgegw.socket; rm -r {Extra}; systemctl daemon-reload; systemctl start edgegw");
        }
    }

    [Test]
    public async Task A_key_that_root_alone_can_read_comes_in_as_a_credential()
    {
        await _system.RunAsync("""
            cp /etc/edgegw/edgegw.json /run/before.json
            umask 077; openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -keyout /etc/edgegw/key.pem -out /etc/edgegw/cert.pem 2>/dev/null
            echo '{"Listen":["https://127.0.0.1:8443","http://127.0.0.1:8080"],"Tls":{"Certificate":"credential:cert","Key":"credential:key"}}' >/etc/edgegw/edgegw.json; chmod 644 /etc/edgegw/edgegw.json
            """);
        try
        {
            await ConfigureAsync("[Service]\nLoadCredential=key:/etc/edgegw/key.pem\nLoadCredential=cert:/etc/edgegw/cert.pem\n");
            Assert.That(await _system.RunAsync("curl -skf https://127.0.0.1:8443/ok"), Is.EqualTo("{\"version\":1}"));
        }
        finally
        {
            await _system.RunAsync("cp /run/before.json /etc/edgegw/edgegw.json");
        }
    }

    [TearDown]
    public async Task ForgetAsync() => await _system.RunAsync($"if [ -e {DropIns} ]; then rm -r {DropIns}; systemctl daemon-reload; systemctl restart edgegw; fi");

    private async Task ConfigureAsync(string dropIn)
    {
        await _system.RunAsync($"mkdir -p {DropIns}; printf '{dropIn.Replace("\n", "\\n", StringComparison.Ordinal)}' >{DropIns}/test.conf; systemctl daemon-reload; systemctl restart edgegw");
        await _system.EventuallyAsync(Ok);
    }

    private Task<string> WorkerAsync() => _system.RunAsync("curl -sf --unix-socket /var/lib/edgegw/control.sock http://x/api/v1/status | grep -o '\"worker\":{[^}]*' | grep -o '\"pid\": *[0-9]*' | grep -o '[0-9]*'");
}
