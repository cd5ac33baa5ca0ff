using System.Collections.Concurrent;
using EdgeGw.Abi;
using EdgeGw.Testing.Interop;

namespace EdgeGw.Testing;

/// <summary>A service of a <see cref="FakeGateway"/>. There is one for each that the manifest names. Any thread.</summary>
public abstract class FakeService
{
    private readonly ConcurrentQueue<AbiResult> _refusals = new();
    private readonly ConcurrentQueue<FakeReply> _failures = new();

    private protected FakeService(FakeHost host, string kind, string name)
    {
        Host = host;
        Kind = kind;
        Name = name;
    }

    /// <summary>"database", "cache", "storage" or "http".</summary>
    public string Kind { get; }

    /// <summary>What the library calls it.</summary>
    public string Name { get; }

    /// <summary>Replies wait for this: a test that sets it decides when they come. A reply that waits when its request is cancelled says so at once.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    /// <summary>The functions called so far, by their names in the table.</summary>
    public ConcurrentQueue<string> Calls { get; } = new();

    internal FakeHost Host { get; }

    /// <summary>The next call is refused at once: nothing is done, and no reply comes.</summary>
    public void RefuseNext(AbiResult result) => _refusals.Enqueue(result);

    /// <summary>The next call that is taken is answered with an error.</summary>
    /// <param name="result">Negative.</param>
    /// <param name="error">The gateway's sentence.</param>
    /// <param name="code">The backend's code.</param>
    public void FailNext(AbiResult result, string error = "", string code = "") => _failures.Enqueue(new FakeReply { Result = result, Error = error, Code = code });

    internal bool TryRefuse(out AbiResult result) => _refusals.TryDequeue(out result);

    internal FakeReply? NextFailure() => _failures.TryDequeue(out var failure) ? failure : null;
}
