using System.Reflection;
using System.Runtime.InteropServices;
using EdgeGw.Abi;
using EdgeGw.Testing.Interop;

namespace EdgeGw.Testing;

/// <summary>
/// A gateway for unit tests: it loads a handler library as the real one does, through the same exported entry and the same tables of functions, but
/// in the test's process and without a network. Handlers run on the thread pool, many at once if the test sends many. It keeps to the letter of the contract:
/// memory is gone when the exchange is over, and a handler that breaks the rules finds itself in <see cref="Violations"/>.
/// </summary>
public sealed class FakeGateway
{
    private readonly FakeHost _host;
    private readonly FakeRouter _router;

    private FakeGateway(nint entry, FakeGatewayOptions options)
    {
        _host = new FakeHost(options);
        Manifest = _host.Enter(entry);
        _router = new FakeRouter(Manifest);
    }

    /// <summary>What the library says of itself.</summary>
    public FakeManifest Manifest { get; }

    /// <summary>The lines logged so far.</summary>
    public IReadOnlyCollection<FakeLogLine> Log => _host.Log;

    /// <summary>What the library did against the contract, so far. Empty for everything written with the SDK.</summary>
    public IReadOnlyCollection<string> Violations => _host.Violations;

    /// <summary>Requests to other servers, when the manifest names <c>http:default</c>.</summary>
    public FakeHttp Http => _host.Service<FakeHttp>("default");

    /// <summary>A database that the manifest names.</summary>
    public FakeDatabase Database(string name = "main") => _host.Service<FakeDatabase>(name);

    /// <summary>A cache that the manifest names.</summary>
    public FakeCache Cache(string name = "default") => _host.Service<FakeCache>(name);

    /// <summary>A store of objects that the manifest names.</summary>
    public FakeStorage Storage(string name = "files") => _host.Service<FakeStorage>(name);

    /// <summary>Loads the handler project that <paramref name="anyType"/> belongs to: <c>FakeGateway.For(typeof(Hello))</c>.</summary>
    /// <exception cref="InvalidOperationException">It has no handlers, or it refused to start; the message says why.</exception>
    public static FakeGateway For(Type anyType, FakeGatewayOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(anyType);
        foreach (var type in anyType.Assembly.GetTypes())
        {
            foreach (var method in type.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            {
                if (method.GetCustomAttribute<UnmanagedCallersOnlyAttribute>()?.EntryPoint == AbiVersion.EntrySymbol)
                    return new FakeGateway(method.MethodHandle.GetFunctionPointer(), options ?? new FakeGatewayOptions());
            }
        }
        throw new InvalidOperationException($"{anyType.Assembly.GetName().Name} is no handler project: it has no method with [Handler].");
    }

    /// <summary>Loads a published library, written in whatever language.</summary>
    /// <exception cref="InvalidOperationException">It refused to start; the message says why.</exception>
    public static FakeGateway Load(string path, FakeGatewayOptions? options = null)
        => new(NativeLibrary.GetExport(NativeLibrary.Load(path), AbiVersion.EntrySymbol), options ?? new FakeGatewayOptions());

    /// <summary>Runs the library's self-test, as is done before a deploy.</summary>
    /// <exception cref="InvalidOperationException">It failed; the message says why.</exception>
    public void SelfTest() => _host.SelfTest();

    /// <summary>Sends a request without a body and reads the whole response.</summary>
    public Task<FakeResponse> SendAsync(string method, string target, CancellationToken cancellationToken = default)
        => SendAsync(new FakeRequest(method, target), cancellationToken);

    /// <summary>Sends a request and reads the whole response.</summary>
    public Task<FakeResponse> SendAsync(FakeRequest request, CancellationToken cancellationToken = default) => Open(request).ReadAsync(cancellationToken);

    /// <summary>Sends a request and comes back at once.</summary>
    public FakeCall Open(FakeRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var path = request.Target.Split('?', 2)[0];
        var match = _router.Find(request.Method, request.Host, path);
        var exchange = new FakeExchange(_host, request, FakeRouter.Decode(path), match.Parameters, match.Route < 0 ? null : Manifest.Routes[match.Route]);
        if (match.Route < 0)
            exchange.Refuse(match.Status, match.Allow);
        else
            ThreadPool.UnsafeQueueUserWorkItem(static s => s.exchange.Run(s.Route), (exchange, match.Route), preferLocal: false);
        return new FakeCall(exchange);
    }
}
