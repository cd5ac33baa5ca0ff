using EdgeGw.Abi;
using EdgeGw.Services;

namespace EdgeGw.Pipeline.Tests.Services;

/// <summary>A backend that does what the test says, when it says so: hanging, failing and coming back cannot be had from a real one at will.</summary>
internal sealed class ScriptedBackend : IServiceBackend
{
    public bool IsImmediate => false;

    public bool Blocks
    {
        get
        {
            Interlocked.Exchange(ref OnAsked, null)?.Invoke();
            return field;
        }
        init;
    }

    /// <summary>Runs once, in the middle of whatever asks next what kind of backend this is: a call that has been taken and has no lane yet.</summary>
    public Action? OnAsked;

    public volatile bool Down;

    public int Disposed;

    public ValueTask CheckAsync(CancellationToken cancellationToken) => Down ? throw new IOException("still down") : ValueTask.CompletedTask;

    public ServiceFault Classify(Exception exception) => exception is IOException
        ? new ServiceFault(AbiResult.Unavailable, $"The backend is down: {exception.Message}.", BackendDown: true)
        : new ServiceFault(AbiResult.Refused, exception.Message, "X1");

    public ValueTask DisposeAsync()
    {
        Interlocked.Increment(ref Disposed);
        return ValueTask.CompletedTask;
    }
}

/// <summary>A call that does what the test says. Not pooled, so that it can be looked at afterwards.</summary>
internal sealed class ScriptedCall(Func<ScriptedCall, CancellationToken, ValueTask<bool>> run) : ServiceCall
{
    public TaskCompletionSource Began { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public TaskCompletionSource Recycled { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public override string OperationName => "scripted";

    public override async ValueTask<bool> RunAsync(IServiceBackend backend, CancellationToken cancellationToken)
    {
        Began.TrySetResult();
        var answer = await run(this, cancellationToken);
        Assert.That(((ScriptedBackend)backend).Disposed, Is.Zero, "a client is given back after the last call on it");
        return answer;
    }

    protected override void Recycle() => Assert.That(Recycled.TrySetResult(), "a call goes back to its pool once");
}

/// <summary>Something open that counts how often it is abandoned.</summary>
internal sealed class ScriptedOpen : ServiceOpen
{
    public int Abandoned { get; private set; }

    public override void Abandon() => Abandoned++;
}
