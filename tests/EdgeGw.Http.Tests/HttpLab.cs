using EdgeGw.Epochs;
using EdgeGw.Http.Tests.Interop;
using EdgeGw.Services;
using EdgeGw.Services.Http;

namespace EdgeGw.Http.Tests;

/// <summary>One service of the kind "http" and a server for it to talk to.</summary>
public abstract class HttpLab
{
    private TemporaryFolder _folder = null!;
    private Lab _lab = null!;

    private protected Upstream Upstream { get; private set; } = null!;

    private protected Lab Lab => _lab;

    private protected LabExchange Exchange { get; private set; } = null!;

    /// <summary>The table, for <see cref="Exchange"/>.</summary>
    private protected HttpOut Http { get; private set; } = null!;

    private protected HttpClientBackend Client => (HttpClientBackend)_lab.Actor(ServiceKinds.Http, "default").Backend;

    [SetUp]
    public async Task BeginAsync()
    {
        _folder = new TemporaryFolder();
        Upstream = await Upstream.StartAsync();
        _lab = new Lab(_folder.Root, Service());
        Exchange = _lab.Begin();
        Http = Exchange.Http();
    }

    [TearDown]
    public async Task EndAsync()
    {
        Exchange.Dispose();
        await Eventually.TrueAsync(() => Task.FromResult(Client.Places.Taken == 0), () => $"{Client.Places.Taken} requests are still under way after their exchange has ended");
        await _lab.DisposeAsync();
        await Upstream.DisposeAsync();
        _folder.Dispose();
    }

    private protected static EpochService Service(params (string Key, string Value)[] settings) => new()
    {
        Kind = ServiceKinds.Http,
        Name = "default",
        Provider = "client",
        TimeoutMs = 60_000,
        Settings = settings.ToDictionary(pair => pair.Key, pair => pair.Value),
    };

    private protected void Configure(params (string Key, string Value)[] settings) => _lab.Configure(Service(settings));

    /// <summary>Puts a client in force that finds names where the test says.</summary>
    private protected async Task ResolveAsync(AddressLookup lookup, params (string Key, string Value)[] settings)
    {
        var service = Service(settings);
        var slot = _lab.Context.Services.Slots.Single(slot => slot.Kind == ServiceKinds.Http && slot.Name == "default");
        var before = slot.Actor!;
        slot.Actor = new ServiceActor(service, HttpClientBackend.Create(service, _folder.Root, TimeProvider.System, lookup), _lab.Context.Log, TimeProvider.System);
        await before.DisposeAsync();
    }

    private protected string Plain(string path) => new Uri(Upstream.Plain, path).ToString();

    private protected string Secure(string path) => new UriBuilder(new Uri(Upstream.Secure, path)) { Host = "localhost" }.ToString();

    private protected static void AssertFault(Reply reply, AbiResult result, string code, string error) =>
        Assert.That((reply.Result, reply.Code, reply.Error), Is.EqualTo((result, code, error)));
}
