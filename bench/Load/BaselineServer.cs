using System.Diagnostics;
using EdgeGw.Load.Peers;
using EdgeGw.Tests.Support;

namespace EdgeGw.Load;

/// <summary>The ASP.NET Core NativeAOT app.</summary>
internal sealed class BaselineServer : IServer
{
    private readonly ServerProcess _process;

    private BaselineServer(ServerProcess process, Uri address)
    {
        _process = process;
        Address = address;
    }

    public string Name => "ASP.NET Core AOT";

    public Uri Address { get; }

    public IReadOnlyList<int> Processes => _process.Tree;

    /// <summary>Starts it.</summary>
    /// <param name="settings">Settings as its configuration takes them.</param>
    public static async Task<BaselineServer> StartAsync(IReadOnlyDictionary<string, string>? settings = null)
    {
        var (start, address) = Prepared(settings);
        return new(await ServerProcess.StartAsync(start, address, settings?.ContainsKey("http2") == true), address);
    }

    /// <summary>What starts it, and where it will listen: it logs nothing, not even its port.</summary>
    public static (ProcessStartInfo Start, Uri Address) Prepared(IReadOnlyDictionary<string, string>? settings = null)
    {
        var address = ServerProcess.FreeAddress();
        var start = new ProcessStartInfo(Repository.Path("artifacts/bench/AspNetBaseline/AspNetBaseline"), ["--urls", address.GetLeftPart(UriPartial.Authority)]);
        foreach (var (name, value) in settings ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }
        return (start, address);
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
