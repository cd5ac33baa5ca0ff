using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace EdgeGw.Tests.Support;

/// <summary>A PostgreSQL server of its own: loopback, a free port that it keeps over restarts, its files in a temporary folder, the processes ended by their ids. Logs in with a password
/// (SCRAM). As root it runs as the user postgres, since it refuses root.</summary>
public sealed class PostgresServer : IAsyncDisposable
{
    /// <summary>The superuser, and the database.</summary>
    public const string User = "postgres";

    /// <summary>Its password.</summary>
    public const string Password = "a secret' \"word";

    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, string> _settings;
    private Process? _process;

    private PostgresServer(Dictionary<string, string> settings) => _settings = settings;

    /// <summary>Its port.</summary>
    public int Port { get; } = FreePort();

    /// <summary>The folder of its Unix socket.</summary>
    public string SocketFolder => _folder.Root;

    /// <summary>The certificate that it shows when it was started with TLS.</summary>
    public string Certificate => _folder["server.crt"];

    /// <summary>A file with the password, for references to it.</summary>
    public string PasswordFile => _folder["password"];

    /// <summary>What it has written so far.</summary>
    public string Log => File.Exists(_folder["log"]) ? File.ReadAllText(_folder["log"]) : "";

    private static string Binaries => Directory.GetDirectories("/usr/lib/postgresql").Order(StringComparer.Ordinal).Last() + "/bin/";

    /// <summary>Makes a new database and starts its server.</summary>
    /// <param name="tls">Whether it offers TLS.</param>
    /// <param name="settings">Settings as postgresql.conf has them: <c>max_connections=20</c>.</param>
    public static async Task<PostgresServer> StartAsync(bool tls = false, params string[] settings)
    {
        var server = new PostgresServer(settings.Select(setting => setting.Split('=', 2)).ToDictionary(parts => parts[0], parts => parts[1]));
        try
        {
            await server.InitialiseAsync(tls);
            await server.StartAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts it again, with its data, and waits until it answers.</summary>
    public async Task StartAsync()
    {
        List<string> arguments = ["-D", _folder["data"], "-p", Port.ToString(CultureInfo.InvariantCulture)];
        foreach (var (name, value) in _settings)
        {
            arguments.AddRange(["-c", $"{name}={value}"]);
        }
        _process = Process.Start(AsPostgres(Binaries + "postgres", arguments))!;
        _ = _process.StandardOutput.ReadToEndAsync();
        var errors = _process.StandardError;
        _ = Task.Run(async () =>
        {
            await using var log = new StreamWriter(_folder["log"], append: true) { AutoFlush = true };
            while (await errors.ReadLineAsync() is { } line)
            {
                await log.WriteLineAsync(line);
            }
        });
        await Eventually.TrueAsync(
            async () => _process.HasExited ? throw new InvalidOperationException($"PostgreSQL ended with exit code {_process.ExitCode}.\n{Log}") : (await SqlAsync("select 1", orNull: true)) == "1",
            () => $"PostgreSQL answers\n{Log}");
    }

    /// <summary>Ends it: sessions are cut off, nothing that was committed is lost.</summary>
    public async Task StopAsync()
    {
        if (_process is { HasExited: false } process)
        {
            await SignalAsync("INT");
            using var limit = new CancellationTokenSource(Eventually.Patience);
            await process.WaitForExitAsync(limit.Token);
        }
        _process?.Dispose();
        _process = null;
    }

    /// <summary>Stops all its processes where they are: it hangs, and the system still accepts connections for it.</summary>
    public async Task FreezeAsync()
    {
        // The parent first: then no child is born meanwhile.
        await Command.RunAsync("kill", ["-STOP", $"{_process!.Id}"]);
        await SignalChildrenAsync("STOP");
    }

    /// <summary>Lets them go on.</summary>
    public async Task ThawAsync()
    {
        await SignalChildrenAsync("CONT");
        await SignalAsync("CONT");
    }

    /// <summary>Runs a statement as the superuser, past the gateway; the first value as text.</summary>
    public async Task<string> SqlAsync(string sql) => (await SqlAsync(sql, orNull: false))!;

    /// <summary>Sessions that applications of that name have.</summary>
    public async Task<int> SessionsAsync(string application = "edgegw") =>
        int.Parse(await SqlAsync($"select count(*) from pg_stat_activity where application_name = '{application}'"), CultureInfo.InvariantCulture);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false })
        {
            await ThawAsync();
        }
        await StopAsync();
        _folder.Dispose();
    }

    private async Task InitialiseAsync(bool tls)
    {
        await File.WriteAllTextAsync(PasswordFile, Password);
        if (tls)
        {
            Certificates.Write(Certificate, _folder["server.key"], "PostgreSQL");
            (_settings["ssl"], _settings["ssl_cert_file"], _settings["ssl_key_file"]) = ("on", Certificate, _folder["server.key"]);
        }
        (_settings["listen_addresses"], _settings["unix_socket_directories"]) = ("127.0.0.1", SocketFolder);
        // Nothing here outlives its test: no need to wait for the disk.
        (_settings["fsync"], _settings["full_page_writes"]) = ("off", "off");
        if (Environment.UserName == "root")
        {
            await RunAsync(new ProcessStartInfo("chown", ["-R", "postgres", _folder.Root]) { RedirectStandardOutput = true, RedirectStandardError = true });
        }
        if (tls)
        {
            await Command.RunAsync("chmod", ["600", _folder["server.key"]]);
        }
        await RunAsync(AsPostgres(Binaries + "initdb", ["-D", _folder["data"], "-U", User, "--pwfile", PasswordFile, "-A", "scram-sha-256", "-E", "UTF8", "--locale=C.UTF-8", "-N"]));
    }

    private async Task<string?> SqlAsync(string sql, bool orNull)
    {
        var result = await Command.RunAsync(Binaries + "psql", ["-h", "127.0.0.1", "-p", Port.ToString(CultureInfo.InvariantCulture), "-U", User, "-d", User, "-XAtqc", sql],
            "/", new Dictionary<string, string?> { ["PGPASSWORD"] = Password, ["PGAPPNAME"] = "test", ["PGCONNECT_TIMEOUT"] = "10" });
        return result.ExitCode == 0 ? result.Output.TrimEnd('\n') : orNull ? null : throw new InvalidOperationException($"{sql}: {result}\n{Log}");
    }

    private Task<CommandResult> SignalAsync(string signal) => Command.RunAsync("kill", [$"-{signal}", $"{_process!.Id}"]);

    private async Task SignalChildrenAsync(string signal)
    {
        var children = (await Command.RunAsync("ps", ["-o", "pid=", "--ppid", $"{_process!.Id}"])).Output.Split((char[])['\n', ' '], StringSplitOptions.RemoveEmptyEntries);
        await Command.RunAsync("kill", [$"-{signal}", .. children]);
    }

    private static async Task RunAsync(ProcessStartInfo start)
    {
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{start.FileName}: exit code {process.ExitCode}\n{await output}\n{await error}");
        }
    }

    private static ProcessStartInfo AsPostgres(string program, IEnumerable<string> arguments)
    {
        var start = Environment.UserName == "root"
            ? new ProcessStartInfo("setpriv", ["--reuid=postgres", "--regid=postgres", "--init-groups", program, .. arguments])
            : new ProcessStartInfo(program, arguments);
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        start.WorkingDirectory = "/";
        return start;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
