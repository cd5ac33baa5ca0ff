using System.Runtime.InteropServices;
using System.Text;

namespace EdgeGw.Tests.ServiceLab;

/// <summary>A reply as a handler sees it, copied out of the gateway's memory. A function that did not answer "pending" gives one with that result and nothing else.</summary>
internal sealed unsafe record Reply(AbiResult Result, string Error, string Code, IReadOnlyList<object?> Values, ulong Rows, ulong Affected, ulong Open)
{
    public delegate AbiResult Function(delegate* unmanaged<void*, AbiReply*, void> replied, void* state);

    public string Text(int index) => (string)Values[index]!;

    public byte[] Blob(int index = 0) => (byte[])Values[index]!;

    public long Number(int index = 0) => (long)Values[index]!;

    /// <summary>Calls a function of a table, and waits for what it comes to.</summary>
    public static Task<Reply> Of(Function function)
    {
        var done = new TaskCompletionSource<Reply>(TaskCreationOptions.RunContinuationsAsynchronously);
        var handle = GCHandle.Alloc(done);
        var result = function(&Replied, (void*)GCHandle.ToIntPtr(handle));
        if (result != AbiResult.Pending)
        {
            handle.Free();
            done.SetResult(new Reply(result, "", "", [], 0, 0, 0));
        }
        return done.Task;
    }

    public override string ToString() => $"{Result} {Code} {Error} [{string.Join(", ", Values)}] open {Open}";

    [UnmanagedCallersOnly]
    private static void Replied(void* state, AbiReply* reply)
    {
        var handle = GCHandle.FromIntPtr((nint)state);
        var done = (TaskCompletionSource<Reply>)handle.Target!;
        handle.Free();
        var values = new object?[(int)reply->ValueCount];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = Copy(reply->Values[i]);
        }
        done.SetResult(new Reply(reply->Result, Read(reply->Error), Read(reply->Code), values, reply->RowCount, reply->Affected, reply->Open));
    }

    private static object? Copy(AbiValue value) => value.Kind switch
    {
        AbiValueKind.Null => null,
        AbiValueKind.Int64 or AbiValueKind.Timestamp => value.As.Integer,
        AbiValueKind.Text => Encoding.UTF8.GetString(value.AsSpan()),
        AbiValueKind.Blob => value.AsSpan().ToArray(),
        _ => throw new NotSupportedException($"{value.Kind}"),
    };

    private static string Read(AbiText text) => Encoding.UTF8.GetString(text.AsSpan());
}
