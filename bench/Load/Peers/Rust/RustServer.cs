using System.Diagnostics;
using EdgeGw.Tests.Support;

namespace EdgeGw.Load.Peers.Rust;

/// <summary>The architecture of a gateway in Rust: hyper and tokio take the request, a structure with a HashMap goes to a library loaded with libloading.</summary>
internal sealed class RustServer : IServer
{
    private readonly ServerProcess _process;

    private RustServer(ServerProcess process, Uri address)
    {
        _process = process;
        Address = address;
    }

    /// <summary>Whether the build made it: it does where there is a cargo.</summary>
    public static bool IsBuilt => File.Exists(Program);

    public string Name => "Rust: hyper + libloading";

    public Uri Address { get; }

    public IReadOnlyList<int> Processes => _process.Tree;

    private static string Program => Repository.Path("artifacts/bench/Rust/release/server");

    public static async Task<RustServer> StartAsync()
    {
        var address = ServerProcess.FreeAddress();
        return new(await ServerProcess.StartAsync(new ProcessStartInfo(Program, [address.Authority, Repository.Path("artifacts/bench/Rust/release/libhandler.so")]), address), address);
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
