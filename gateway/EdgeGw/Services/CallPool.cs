using System.Collections.Concurrent;

namespace EdgeGw.Services;

/// <summary>Calls of one kind that wait to be used again; more than <see cref="Most"/> are left to the collector.</summary>
internal static class CallPool<T> where T : ServiceCall, new()
{
    private const int Most = 1024;

    private static readonly ConcurrentQueue<T> s_free = new();

    /// <summary>A call to fill.</summary>
    public static T Rent() => s_free.TryDequeue(out var call) ? call : new T();

    /// <summary>Gives a call back.</summary>
    public static void Return(T call)
    {
        if (s_free.Count < Most)
        {
            s_free.Enqueue(call);
        }
    }
}
