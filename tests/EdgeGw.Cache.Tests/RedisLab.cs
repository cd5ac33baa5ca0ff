using System.Text;
using EdgeGw.Cache.Tests.Interop;
using EdgeGw.Epochs;

namespace EdgeGw.Cache.Tests;

/// <summary>A cache on a server, and one request that uses it.</summary>
internal sealed class RedisLab : IAsyncDisposable
{
    private readonly TemporaryFolder _state = new();

    public RedisLab(EpochService service)
    {
        Lab = new Lab(_state.Root, service);
        Exchange = Lab.Begin();
    }

    public Lab Lab { get; }

    public LabExchange Exchange { get; }

    public CacheClient Cache => Exchange.Cache();

    /// <summary>Calls until one is answered: the service has found its server again.</summary>
    public Task AnswersAsync() => Eventually.TrueAsync(async () => (await Cache.Exists("k")).Result is AbiResult.Ok or AbiResult.End, () => "the service answers again");

    public async Task<string> TextAsync(string key) => Encoding.UTF8.GetString((await Cache.Get(key)).Blob());

    public async ValueTask DisposeAsync()
    {
        Exchange.Dispose();
        await Lab.DisposeAsync();
        _state.Dispose();
    }
}
