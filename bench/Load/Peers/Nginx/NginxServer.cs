using System.Diagnostics;
using System.Globalization;
using EdgeGw.Tests.Support;

namespace EdgeGw.Load.Peers.Nginx;

/// <summary>nginx with one of the ways to answer of this folder: a worker per core, no access log, connections kept alive without an end on both sides.</summary>
internal sealed class NginxServer : IServer
{
    private readonly TemporaryFolder _folder;
    private readonly ServerProcess _process;
    private readonly IServer? _upstream;

    private NginxServer(string name, TemporaryFolder folder, ServerProcess process, Uri address, IServer? upstream)
    {
        Name = name;
        _folder = folder;
        _process = process;
        Address = address;
        _upstream = upstream;
    }

    public string Name { get; }

    public Uri Address { get; }

    public IReadOnlyList<int> Processes => [.. _process.Tree, .. _upstream?.Processes ?? []];

    /// <summary>Answers by itself, with <c>return</c> or from a file.</summary>
    public static Task<NginxServer> StaticAsync(bool http2 = false) => StartAsync("nginx", "static.conf", upstream: null, http2);

    /// <summary>Answers in Lua.</summary>
    public static Task<NginxServer> LuaAsync() => StartAsync("nginx, Lua", "lua.conf", upstream: null, http2: false);

    /// <summary>In front of another server, which becomes its own.</summary>
    public static Task<NginxServer> BeforeAsync(IServer upstream) => StartAsync($"nginx → {upstream.Name}", "proxy.conf", upstream, http2: false);

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        if (_upstream is not null)
        {
            await _upstream.DisposeAsync();
        }
        _folder.Dispose();
    }

    private static async Task<NginxServer> StartAsync(string name, string locations, IServer? upstream, bool http2)
    {
        var folder = new TemporaryFolder();
        try
        {
            var address = ServerProcess.FreeAddress();
            var values = new Dictionary<string, string>
            {
                ["@LISTEN@"] = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{address.Port}{(http2 ? " http2" : "")}"),
                ["@FOLDER@"] = folder.Root,
                ["@UPSTREAM@"] = upstream?.Address.Authority ?? "",
                // Its workers would be nobody's otherwise, who may not look into the folder.
                ["@USER@"] = Environment.IsPrivilegedProcess ? "user root;" : "",
                ["@MODULES@"] = locations == "lua.conf" ? "load_module modules/ndk_http_module.so; load_module modules/ngx_http_lua_module.so;" : "",
            };
            var text = values.Aggregate(Asset("nginx.conf").Replace("@LOCATIONS@", Asset(locations), StringComparison.Ordinal), (conf, value) => conf.Replace(value.Key, value.Value, StringComparison.Ordinal));
            folder.Write("megabyte", new string('m', 1 << 20));
            var configuration = folder.Write("nginx.conf", text);
            var process = await ServerProcess.StartAsync(new ProcessStartInfo("nginx", ["-p", "/usr/share/nginx", "-e", folder["error.log"], "-c", configuration]), address, http2);
            return new(name, folder, process, address, upstream);
        }
        catch
        {
            if (upstream is not null)
            {
                await upstream.DisposeAsync();
            }
            folder.Dispose();
            throw;
        }
    }

    private static string Asset(string name) => File.ReadAllText(Repository.Path($"bench/Load/Peers/Nginx/{name}"));
}
