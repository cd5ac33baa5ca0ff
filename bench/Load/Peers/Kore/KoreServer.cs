using System.Diagnostics;
using EdgeGw.Tests.Support;

namespace EdgeGw.Load.Peers.Kore;

/// <summary>Kore with a module in C (<c>hello.c</c>), a worker per core.</summary>
internal sealed class KoreServer : IServer
{
    private readonly TemporaryFolder _folder;
    private readonly ServerProcess _process;

    private KoreServer(TemporaryFolder folder, ServerProcess process, Uri address)
    {
        _folder = folder;
        _process = process;
        Address = address;
    }

    public string Name => "Kore, C module";

    public Uri Address { get; }

    public IReadOnlyList<int> Processes => _process.Tree;

    public static async Task<KoreServer> StartAsync()
    {
        var folder = new TemporaryFolder();
        var address = ServerProcess.FreeAddress();
        var configuration = folder.Write("kore.conf", $$"""
            server plain {
                bind 127.0.0.1 {{address.Port}}
                tls no
            }
            workers {{Environment.ProcessorCount}}
            load {{Repository.Path("artifacts/bench/Kore/Kore.so")}}
            domain * {
                attach plain
                route /hello hello
            }

            """);
        try
        {
            // In the foreground, without a chroot and another user: what it was started as.
            var process = await ServerProcess.StartAsync(new ProcessStartInfo("kore", ["-f", "-n", "-r", "-c", configuration]) { WorkingDirectory = folder.Root, RedirectStandardOutput = true }, address);
            return new(folder, process, address);
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _folder.Dispose();
    }
}
