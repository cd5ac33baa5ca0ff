namespace EdgeGw.Tests.Control;

/// <summary>Waits for a condition, never for a time.</summary>
internal static class Eventually
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    internal static Task TrueAsync(Func<bool> condition, string expected) => TrueAsync(() => Task.FromResult(condition()), expected);

    internal static async Task TrueAsync(Func<Task<bool>> condition, string expected)
    {
        using var limit = new CancellationTokenSource(s_patience);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (!await condition())
        {
            try
            {
                await timer.WaitForNextTickAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                Assert.Fail($"not within {s_patience.TotalSeconds} s: {expected}");
            }
        }
    }
}
