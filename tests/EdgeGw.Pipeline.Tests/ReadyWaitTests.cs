using System.Threading.Tasks.Sources;
using EdgeGw.Abi;
using EdgeGw.Configuration;
using EdgeGw.Generations;
using EdgeGw.Logging;
using EdgeGw.Pipeline.Run;

namespace EdgeGw.Pipeline.Tests;

/// <summary>A wait of a handler's for its request's body, or for a slow client.</summary>
internal sealed class ReadyWaitTests
{
    [Test]
    public async Task The_callback_of_an_operation_that_ends_at_once_on_another_thread_may_call_the_exchange()
    {
        var settings = new GatewaySettings { AccessLog = { Enabled = false } };
        await using var log = new LogHub(settings.Log, null, TimeProvider.System);
        var context = new PipelineContext(settings, log, new VersionLedger(), TimeProvider.System);
        var exchange = context.Exchanges.Rent()!;
        exchange.Open(version: 1);
        var id = exchange.Id;
        var caller = new ReadyCaller(exchange, id);
        var wait = new ReadyWait(exchange);

        Assert.That(exchange.TryEnter(id), Is.EqualTo(AbiResult.Ok));
        var begun = wait.Begin(id, new ValueTask<int>(new EndsElsewhere(), 0), _ => AbiResult.Ok, _ => AbiResult.Internal, caller.Callback);
        var ended = wait.Ended;
        Assert.That(caller.Entered.IsCompleted, Is.False, "the handler's call has not returned yet");
        exchange.Exit(id);

        Assert.That(begun, Is.EqualTo(AbiResult.Pending));
        Assert.That(await caller.Entered, Is.EqualTo(AbiResult.Ok));
        await ended;
        Assert.That(wait.IsActive, Is.False);
        exchange.Close();
        context.Services.Dispose();
    }

    // Ends on another thread, which has gone as far as it can when the one that waits comes back from saying so.
    private sealed class EndsElsewhere : IValueTaskSource<int>
    {
        private volatile bool _isOver;

        public int GetResult(short token) => 1;

        public ValueTaskSourceStatus GetStatus(short token) => _isOver ? ValueTaskSourceStatus.Succeeded : ValueTaskSourceStatus.Pending;

        public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
        {
            _isOver = true;
            var other = new Thread(() => continuation(state));
            other.Start();
            other.Join();
        }
    }
}
