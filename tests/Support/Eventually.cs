namespace EdgeGw.Tests.Support;

/// <summary>Waits for a condition, never for a time.</summary>
public static class Eventually
{
    /// <summary>The longest wait: generous, since it is only used up when something is wrong.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(45);

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(10);

    /// <summary>Asks again and again until the condition holds; fails with <paramref name="expected"/> when it never does.</summary>
    public static async Task TrueAsync(Func<Task<bool>> condition, Func<string> expected)
    {
        if (!await IsTrueAsync(condition, Patience))
        {
            throw new TimeoutException($"not within {Patience.TotalSeconds} s: {expected()}");
        }
    }

    /// <summary>Whether the condition comes to hold within <paramref name="patience"/>.</summary>
    public static async Task<bool> IsTrueAsync(Func<Task<bool>> condition, TimeSpan patience)
    {
        using var limit = new CancellationTokenSource(patience);
        using var timer = new PeriodicTimer(Interval);
        while (!await condition())
        {
            try
            {
                await timer.WaitForNextTickAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                return await condition();
            }
        }

        return true;
    }
}
