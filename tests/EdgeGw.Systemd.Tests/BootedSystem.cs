using System.Diagnostics;
using System.Globalization;

namespace EdgeGw.Systemd.Tests;

/// <summary>A systemd of its own, booted over a copy-on-write view of this machine (boot.sh): its processes, network, mounts and files end with it.</summary>
internal sealed class BootedSystem : IAsyncDisposable
{
    private static readonly string[] s_environment = ["env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root", "LANG=C.UTF-8", "NO_COLOR=1"];

    private readonly TemporaryFolder _folder;
    private readonly Process _boot;
    private readonly CapturedLines _error;
    private int _init;

    private BootedSystem(TemporaryFolder folder, Process boot)
    {
        _folder = folder;
        _boot = boot;
        _error = new CapturedLines(boot.StandardError);
    }

    private string Cgroup => File.ReadAllText(_folder["room.cgroup"]).Trim();

    /// <summary>Boots; the files are seen below <c>/payload</c> by their names.</summary>
    public static async Task<BootedSystem> StartAsync(params string[] payload)
    {
        var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["room"]);
        Directory.CreateDirectory(folder["payload"]);
        foreach (var file in payload)
        {
            File.Copy(file, Path.Combine(folder["payload"], Path.GetFileName(file)));
        }

        var start = new ProcessStartInfo("bash", [Repository.Path("tests/EdgeGw.Systemd.Tests/boot.sh"), folder["room"], folder["payload"]]) { RedirectStandardError = true, RedirectStandardInput = true };
        var system = new BootedSystem(folder, Process.Start(start)!);
        try
        {
            await system.WaitUntilBootedAsync();
            return system;
        }
        catch
        {
            await system.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs a shell's line inside and fails the test when its exit code is another than <paramref name="exitCode"/>; its standard output.</summary>
    public async Task<string> RunAsync(string line, int exitCode = 0)
    {
        var result = await TryAsync(line);
        Assert.That(result.ExitCode, Is.EqualTo(exitCode), $"{line}\n{result}\n--- journal\n{(await TryAsync("journalctl --no-pager -n 60")).Output}");
        return result.Output.Trim();
    }

    /// <summary>Runs a shell's line inside.</summary>
    public Task<CommandResult> TryAsync(string line) => Command.RunAsync("nsenter", Inside(line), timeout: Eventually.Patience * 4);

    /// <summary>Waits until a shell's line inside succeeds.</summary>
    public async Task EventuallyAsync(string line)
    {
        var last = new CommandResult(0, "", "");
        var holds = await Eventually.IsTrueAsync(async () => (last = await TryAsync(line)).ExitCode == 0, Eventually.Patience);
        Assert.That(holds, Is.True, $"{line}\n{last}\n--- journal\n{(await TryAsync("journalctl --no-pager -n 60")).Output}");
    }

    /// <summary>A property of a unit.</summary>
    public Task<string> PropertyAsync(string property, string unit = "edgegw.service") => RunAsync($"systemctl show {unit} --property={property} --value");

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // The first process of a PID namespace takes all others with it, and with them go the mounts and the network.
        if (!_boot.HasExited)
        {
            if (_init != 0)
            {
                await Command.RunAsync("kill", ["-KILL", _init.ToString(CultureInfo.InvariantCulture)]);
            }
            else
            {
                _boot.Kill(entireProcessTree: true);
            }
            await _boot.WaitForExitAsync();
        }

        _boot.Dispose();
        if (File.Exists(_folder["room.cgroup"]))
        {
            await Eventually.TrueAsync(() => Task.FromResult(TryRemoveCgroup(Cgroup)), () => $"the cgroup {Cgroup} is empty");
        }

        _folder.Dispose();
    }

    // A cgroup's files cannot be deleted; its folders can, once no process is in them.
    private static bool TryRemoveCgroup(string path)
    {
        try
        {
            foreach (var below in Directory.GetDirectories(path))
            {
                if (!TryRemoveCgroup(below))
                {
                    return false;
                }
            }

            Directory.Delete(path);
            return true;
        }
        catch (DirectoryNotFoundException)
        {
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private string[] Inside(string line) => ["-t", _init.ToString(CultureInfo.InvariantCulture), "-m", "-u", "-i", "-n", "-p", "-C", "--", .. s_environment, "sh", "-c", "cd /; " + line];

    private async Task WaitUntilBootedAsync()
    {
        await Eventually.TrueAsync(
            async () =>
            {
                if (_boot.HasExited)
                {
                    throw new InvalidOperationException($"no systemd can be booted here: {await _error.AllAsync()}");
                }

                var children = await File.ReadAllTextAsync(string.Create(CultureInfo.InvariantCulture, $"/proc/{_boot.Id}/task/{_boot.Id}/children"));
                if (children.Split(' ', StringSplitOptions.RemoveEmptyEntries).Where(IsSystemd).FirstOrDefault() is not { } init)
                {
                    return false;
                }

                _init = int.Parse(init, CultureInfo.InvariantCulture);
                return (await TryAsync("systemctl is-system-running")).Output.Trim() is "running" or "degraded";
            },
            () => $"systemd runs\n{_error}");
    }

    // What the script runs on its way there comes and goes.
    private static bool IsSystemd(string processId)
    {
        try
        {
            return File.ReadAllText($"/proc/{processId}/comm") == "systemd\n";
        }
        catch (IOException)
        {
            return false;
        }
    }
}
