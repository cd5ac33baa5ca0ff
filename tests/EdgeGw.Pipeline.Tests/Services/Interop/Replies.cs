using System.Runtime.InteropServices;
using System.Text;
using EdgeGw.Abi;
using EdgeGw.Interop;

namespace EdgeGw.Pipeline.Tests.Services;

/// <summary>A handler's <c>edgegw_replied</c> that keeps what it is told.</summary>
internal sealed unsafe class Replies
{
    private readonly GCHandle _handle;
    private readonly List<(AbiResult Result, string Error)> _seen = [];
    private readonly TaskCompletionSource _first = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Replies() => _handle = GCHandle.Alloc(this);

    public RepliedCallback Callback => new(&OnReplied, (void*)GCHandle.ToIntPtr(_handle));

    public Task First => _first.Task;

    public IReadOnlyList<(AbiResult Result, string Error)> Seen
    {
        get
        {
            lock (_seen)
            {
                return [.. _seen];
            }
        }
    }

    [UnmanagedCallersOnly]
    private static void OnReplied(void* state, AbiReply* reply)
    {
        var replies = (Replies)GCHandle.FromIntPtr((nint)state).Target!;
        lock (replies._seen)
        {
            replies._seen.Add((reply->Result, Encoding.UTF8.GetString(reply->Error.AsSpan())));
        }
        replies._first.TrySetResult();
    }
}
