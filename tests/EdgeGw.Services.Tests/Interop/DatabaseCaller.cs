using System.Runtime.InteropServices;
using System.Text;
using EdgeGw.Interop;

namespace EdgeGw.Services.Tests.Interop;

/// <summary>Calls the functions of <c>edgegw_database_v1</c> as a handler does, and copies what they answer.</summary>
internal sealed unsafe class DatabaseCaller(ulong exchange, ulong service)
{
    private static readonly AbiDatabaseV1* s_table = (AbiDatabaseV1*)DatabaseTable.Pointer;

    public Task<Reply> QueryAsync(string sql, params object?[] parameters) => QueryPageAsync(0, 0, sql, parameters);

    public Task<Reply> QueryPageAsync(ulong transaction, uint page, string sql, params object?[] parameters)
    {
        using var memory = new NativeArguments();
        var statement = memory.Statement(sql, parameters);
        return Call((replied, state) => s_table->Query(exchange, service, transaction, statement, page, replied, state));
    }

    /// <summary>A statement that may be no text.</summary>
    public Task<Reply> QueryBytesAsync(byte[] sql)
    {
        using var memory = new NativeArguments();
        var statement = memory.Statement("", []);
        statement->Sql = new AbiText(memory.Bytes(sql), sql.Length);
        return Call((replied, state) => s_table->Query(exchange, service, 0, statement, 0, replied, state));
    }

    public Task<Reply> ExecuteAsync(string sql, params object?[] parameters) => ExecuteInAsync(0, sql, parameters);

    public Task<Reply> ExecuteInAsync(ulong transaction, string sql, params object?[] parameters)
    {
        using var memory = new NativeArguments();
        var statement = memory.Statement(sql, parameters);
        return Call((replied, state) => s_table->Execute(exchange, service, transaction, statement, replied, state));
    }

    public Task<Reply> BatchAsync(ulong transaction, params (string Sql, object?[] Parameters)[] statements)
    {
        using var memory = new NativeArguments();
        var first = memory.Statements(statements);
        return Call((replied, state) => s_table->Batch(exchange, service, transaction, first, (nuint)statements.Length, replied, state));
    }

    public Task<Reply> BeginAsync(AbiIsolation isolation = AbiIsolation.Default, AbiTransactionFlags flags = AbiTransactionFlags.None) =>
        Call((replied, state) => s_table->Begin(exchange, service, isolation, flags, replied, state));

    public Task<Reply> NextAsync(ulong cursor) => Call((replied, state) => s_table->Next(exchange, cursor, replied, state));

    public Task<Reply> CloseAsync(ulong open) => Call((replied, state) => s_table->Close(exchange, open, replied, state));

    public Task<Reply> CommitAsync(ulong transaction) => Call((replied, state) => s_table->Commit(exchange, transaction, replied, state));

    /// <summary>Calls with NULL for the callback.</summary>
    public AbiResult CommitWithoutCallback(ulong transaction) => s_table->Commit(exchange, transaction, null, null);

    private static Task<Reply> Call(Function function)
    {
        var answer = new TaskCompletionSource<Reply>(TaskCreationOptions.RunContinuationsAsynchronously);
        var state = GCHandle.Alloc(answer);
        var result = function(&Replied, (void*)GCHandle.ToIntPtr(state));
        if (result != AbiResult.Pending)
        {
            state.Free();
            answer.SetResult(new Reply(result, false, "", "", [], 0, 0, 0, []));
        }
        return answer.Task;
    }

    [UnmanagedCallersOnly]
    private static void Replied(void* state, AbiReply* reply)
    {
        var handle = GCHandle.FromIntPtr((nint)state);
        var answer = (TaskCompletionSource<Reply>)handle.Target!;
        handle.Free();
        var names = new string[reply->NameCount];
        for (var i = 0; i < names.Length; i++)
        {
            names[i] = Encoding.UTF8.GetString(reply->Names[i].AsSpan());
        }
        answer.SetResult(new Reply(reply->Result, true, Encoding.UTF8.GetString(reply->Error.AsSpan()), Encoding.UTF8.GetString(reply->Code.AsSpan()),
            Copy(reply->Values, (int)reply->ValueCount), reply->RowCount, reply->Affected, reply->Open, names));
    }

    private static Value[] Copy(AbiValue* values, int count)
    {
        var copies = new Value[count];
        for (var i = 0; i < count; i++)
        {
            var value = values[i];
            copies[i] = value.Kind switch
            {
                AbiValueKind.Null => Value.Null,
                AbiValueKind.Array => new(value.Kind, 0, null, Copy(value.As.Items, (int)value.Length)),
                AbiValueKind.Text or AbiValueKind.Blob or AbiValueKind.Numeric or AbiValueKind.Uuid or AbiValueKind.Interval or AbiValueKind.Json or AbiValueKind.Other =>
                    new(value.Kind, 0, value.AsSpan().ToArray()),
                _ => new(value.Kind, value.As.Integer),
            };
        }
        return copies;
    }

    private delegate AbiResult Function(delegate* unmanaged<void*, AbiReply*, void> replied, void* state);
}

/// <summary>Arguments in native memory, for as long as the call needs them.</summary>
internal sealed unsafe class NativeArguments : IDisposable
{
    private readonly List<nint> _blocks = [];

    public AbiStatement* Statement(string sql, object?[] parameters) => Statements([(sql, parameters)]);

    public AbiStatement* Statements((string Sql, object?[] Parameters)[] statements)
    {
        var list = (AbiStatement*)Take(statements.Length * sizeof(AbiStatement));
        for (var i = 0; i < statements.Length; i++)
        {
            var bytes = Encoding.UTF8.GetBytes(statements[i].Sql);
            list[i].Sql = new AbiText(Bytes(bytes), bytes.Length);
            list[i].Parameters = Values([.. statements[i].Parameters.Select(Value.Of)]);
            list[i].ParameterCount = (nuint)statements[i].Parameters.Length;
        }
        return list;
    }

    // What the gateway has not copied by now it must not read any more.
    public void Dispose() => _blocks.ForEach(block => NativeMemory.Free((void*)block));

    private AbiValue* Values(Value[] values)
    {
        var list = (AbiValue*)Take(values.Length * sizeof(AbiValue));
        for (var i = 0; i < values.Length; i++)
        {
            var value = values[i];
            list[i].Kind = value.Kind;
            list[i].As.Integer = value.Integer;
            if (value.Bytes is { } bytes)
            {
                list[i].Length = (uint)bytes.Length;
                list[i].As.Data = Bytes(bytes);
            }
            else if (value.Items is { } items)
            {
                list[i].Length = (uint)items.Length;
                list[i].As.Items = Values(items);
            }
        }
        return list;
    }

    public byte* Bytes(byte[] bytes)
    {
        var data = (byte*)Take(bytes.Length);
        bytes.CopyTo(new Span<byte>(data, bytes.Length));
        return data;
    }

    private void* Take(int bytes)
    {
        var block = NativeMemory.AllocZeroed((nuint)Math.Max(bytes, 1));
        _blocks.Add((nint)block);
        return block;
    }
}
