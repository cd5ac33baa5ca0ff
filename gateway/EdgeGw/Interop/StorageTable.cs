using System.Runtime.InteropServices;
using EdgeGw.Abi;
using EdgeGw.Epochs;
using EdgeGw.Services;
using EdgeGw.Services.Storage;

namespace EdgeGw.Interop;

/// <summary>The functions of <c>edgegw_storage_v1</c>: each copies its arguments into a pooled call and gives it to the service's actor. The bytes of a write are copied as well: a call
/// may be answered by the clock while its backend is still at work, and from then on the handler's memory is not ours to read.</summary>
internal static unsafe class StorageTable
{
    private const uint MaxRows = 1000;
    private const uint MaxLifeSeconds = 604_800;

    private static readonly AbiStorageV1* s_table = Create();

    /// <summary>The table; lives as long as the process.</summary>
    public static void* Pointer => s_table;

    private static AbiStorageV1* Create()
    {
        var table = (AbiStorageV1*)NativeMemory.AllocZeroed((nuint)sizeof(AbiStorageV1));
        table->Size = (uint)sizeof(AbiStorageV1);
        table->Put = &Put;
        table->OpenWrite = &OpenWrite;
        table->Write = &Write;
        table->Finish = &Finish;
        table->Get = &Get;
        table->OpenRead = &OpenRead;
        table->Read = &Read;
        table->Close = &Close;
        table->Stat = &Stat;
        table->List = &List;
        table->Remove = &Remove;
        table->Copy = &Copy;
        table->Presign = &Presign;
        return table;
    }

    [UnmanagedCallersOnly]
    private static AbiResult Put(ulong exchangeId, ulong service, AbiText key, AbiText body, AbiText contentType, AbiMetadata* metadata, nuint count, delegate* unmanaged<void*, AbiReply*, void> replied, void* state)
    {
        if (ServiceTable.IsInvalid(body) || !TryReadHeader(contentType, metadata, count, out var header))
        {
            return AbiResult.InvalidArgument;
        }
        var found = Begin(exchangeId, service, StorageOperation.Put, key, replied, state, out var target);
        if (found != AbiResult.Ok)
        {
            return found;
        }
        if (IsTooLarge(target.Binding, body))
        {
            return target.Refuse(AbiResult.TooLarge);
        }
        target.Call.Body = target.Call.Arguments.Copy(body.AsSpan());
        target.Call.Header = header;
        return target.Start();
    }

    [UnmanagedCallersOnly]
    private static AbiResult OpenWrite(ulong exchangeId, ulong service, AbiText key, long length, AbiText contentType, AbiMetadata* metadata, nuint count, delegate* unmanaged<void*, AbiReply*, void> replied, void* state)
    {
        if (length < -1 || !TryReadHeader(contentType, metadata, count, out var header))
        {
            return AbiResult.InvalidArgument;
        }
        var found = Begin(exchangeId, service, StorageOperation.OpenWrite, key, replied, state, out var target);
        if (found != AbiResult.Ok)
        {
            return found;
        }
        target.Call.Length = length;
        target.Call.Header = header;
        return target.Start();
    }

    [UnmanagedCallersOnly]
    private static AbiResult Write(ulong exchangeId, ulong open, AbiText bytes, delegate* unmanaged<void*, AbiReply*, void> replied, void* state)
    {
        if (ServiceTable.IsInvalid(bytes))
        {
            return AbiResult.InvalidArgument;
        }
        var found = Enter<StorageUpload>(exchangeId, open, StorageOperation.Write, replied, state, out var target);
        if (found != AbiResult.Ok)
        {
            return found;
        }
        if (IsTooLarge(target.Binding, bytes))
        {
            return target.Refuse(AbiResult.TooLarge);
        }
        target.Call.Body = target.Call.Arguments.Copy(bytes.AsSpan());
        return target.Start();
    }

    [UnmanagedCallersOnly]
    private static AbiResult Finish(ulong exchangeId, ulong open, delegate* unmanaged<void*, AbiReply*, void> replied, void* state) =>
        OnStream<StorageUpload>(exchangeId, open, StorageOperation.Finish, replied, state);

    [UnmanagedCallersOnly]
    private static AbiResult Get(ulong exchangeId, ulong service, AbiText key, ulong offset, ulong length, delegate* unmanaged<void*, AbiReply*, void> replied, void* state) =>
        Ranged(exchangeId, service, StorageOperation.Get, key, offset, length, replied, state);

    [UnmanagedCallersOnly]
    private static AbiResult OpenRead(ulong exchangeId, ulong service, AbiText key, ulong offset, ulong length, delegate* unmanaged<void*, AbiReply*, void> replied, void* state) =>
        Ranged(exchangeId, service, StorageOperation.OpenRead, key, offset, length, replied, state);

    [UnmanagedCallersOnly]
    private static AbiResult Read(ulong exchangeId, ulong open, delegate* unmanaged<void*, AbiReply*, void> replied, void* state) =>
        OnStream<StorageDownload>(exchangeId, open, StorageOperation.Read, replied, state);

    [UnmanagedCallersOnly]
    private static AbiResult Close(ulong exchangeId, ulong open, delegate* unmanaged<void*, AbiReply*, void> replied, void* state)
    {
        var closed = OnStream<StorageDownload>(exchangeId, open, StorageOperation.Close, replied, state);
        return closed == AbiResult.InvalidState ? OnStream<StorageUpload>(exchangeId, open, StorageOperation.Close, replied, state) : closed;
    }

    [UnmanagedCallersOnly]
    private static AbiResult Stat(ulong exchangeId, ulong service, AbiText key, delegate* unmanaged<void*, AbiReply*, void> replied, void* state) =>
        Ranged(exchangeId, service, StorageOperation.Stat, key, 0, 0, replied, state);

    [UnmanagedCallersOnly]
    private static AbiResult List(ulong exchangeId, ulong service, AbiText prefix, AbiText delimiter, AbiText after, uint limit, delegate* unmanaged<void*, AbiReply*, void> replied, void* state)
    {
        if (replied is null || limit is 0 or > MaxRows || !TryReadPart(prefix, out var first) || !TryReadPart(delimiter, out var separator) || !TryReadPart(after, out var last))
        {
            return AbiResult.InvalidArgument;
        }
        var found = Begin(exchangeId, service, StorageOperation.List, first!, new RepliedCallback(replied, state), out var target);
        if (found != AbiResult.Ok)
        {
            return found;
        }
        (target.Call.Other, target.Call.After, target.Call.Length) = (separator!, last!, limit);
        return target.Start();
    }

    [UnmanagedCallersOnly]
    private static AbiResult Remove(ulong exchangeId, ulong service, AbiText key, delegate* unmanaged<void*, AbiReply*, void> replied, void* state) =>
        Ranged(exchangeId, service, StorageOperation.Remove, key, 0, 0, replied, state);

    [UnmanagedCallersOnly]
    private static AbiResult Copy(ulong exchangeId, ulong service, AbiText from, AbiText to, delegate* unmanaged<void*, AbiReply*, void> replied, void* state)
    {
        if (ServiceTable.IsInvalid(to) || !ObjectKey.TryRead(to.AsSpan(), out var target))
        {
            return AbiResult.InvalidArgument;
        }
        var found = Begin(exchangeId, service, StorageOperation.Copy, from, replied, state, out var call);
        if (found != AbiResult.Ok)
        {
            return found;
        }
        call.Call.Other = target;
        return call.Start();
    }

    [UnmanagedCallersOnly]
    private static AbiResult Presign(ulong exchangeId, ulong service, AbiPresign method, AbiText key, uint seconds, delegate* unmanaged<void*, AbiReply*, void> replied, void* state)
    {
        if (method is not (AbiPresign.Get or AbiPresign.Put) || seconds is 0 or > MaxLifeSeconds)
        {
            return AbiResult.InvalidArgument;
        }
        var found = Begin(exchangeId, service, StorageOperation.Presign, key, replied, state, out var target);
        if (found != AbiResult.Ok)
        {
            return found;
        }
        (target.Call.Method, target.Call.Length) = (method, seconds);
        return target.Start();
    }

    private static AbiResult Ranged(ulong exchangeId, ulong service, StorageOperation operation, AbiText key, ulong offset, ulong length, delegate* unmanaged<void*, AbiReply*, void> replied, void* state)
    {
        if (offset > long.MaxValue || length > long.MaxValue)
        {
            return AbiResult.InvalidArgument;
        }
        var found = Begin(exchangeId, service, operation, key, replied, state, out var target);
        if (found != AbiResult.Ok)
        {
            return found;
        }
        (target.Call.Offset, target.Call.Length) = ((long)offset, (long)length);
        return target.Start();
    }

    private static AbiResult OnStream<T>(ulong exchangeId, ulong open, StorageOperation operation, delegate* unmanaged<void*, AbiReply*, void> replied, void* state) where T : ServiceStream
    {
        var found = Enter<T>(exchangeId, open, operation, replied, state, out var target);
        return found == AbiResult.Ok ? target.Start() : found;
    }

    private static AbiResult Begin(ulong exchangeId, ulong service, StorageOperation operation, AbiText key, delegate* unmanaged<void*, AbiReply*, void> replied, void* state, out CallStart<StorageCall> target)
    {
        target = default;
        return replied is null || ServiceTable.IsInvalid(key) || !ObjectKey.TryRead(key.AsSpan(), out var text)
            ? AbiResult.InvalidArgument
            : Begin(exchangeId, service, operation, text, new RepliedCallback(replied, state), out target);
    }

    private static AbiResult Begin(ulong exchangeId, ulong service, StorageOperation operation, string key, RepliedCallback replied, out CallStart<StorageCall> target)
    {
        target = default;
        var entered = ServiceTable.Enter(exchangeId, service, ServiceKinds.Storage, out var exchange, out var binding);
        if (entered == AbiResult.Ok)
        {
            target = new CallStart<StorageCall>(exchange, exchangeId, binding, replied);
            (target.Call.Operation, target.Call.Key) = (operation, key);
        }
        return entered;
    }

    private static AbiResult Enter<T>(ulong exchangeId, ulong open, StorageOperation operation, delegate* unmanaged<void*, AbiReply*, void> replied, void* state, out CallStart<StorageCall> target) where T : ServiceStream
    {
        target = default;
        if (replied is null)
        {
            return AbiResult.InvalidArgument;
        }
        var entered = ServiceTable.EnterStream<T>(exchangeId, open, out var exchange, out var stream);
        if (entered == AbiResult.Ok)
        {
            target = new CallStart<StorageCall>(exchange, exchangeId, stream.Binding, new RepliedCallback(replied, state));
            (target.Call.Operation, target.Call.Stream) = (operation, stream);
        }
        return entered;
    }

    private static bool IsTooLarge(ServiceBinding binding, AbiText bytes) => binding.Slot.Actor?.Backend is IStorageBackend storage && bytes.Length > (nuint)storage.MaxPieceBytes;

    private static bool TryReadPart(AbiText text, out string? part)
    {
        part = null;
        return !ServiceTable.IsInvalid(text) && ObjectKey.TryReadPart(text.AsSpan(), out part);
    }

    private static bool TryReadHeader(AbiText contentType, AbiMetadata* metadata, nuint count, out ObjectHeader? header)
    {
        header = null;
        if (ServiceTable.IsInvalid(contentType) || !ObjectKey.TryReadType(contentType.AsSpan(), out var type) || count > ObjectKey.MaxMetadata || (metadata is null && count > 0))
        {
            return false;
        }
        var pairs = new KeyValuePair<string, string>[(int)count];
        for (var i = 0; i < pairs.Length; i++)
        {
            var (name, value) = (metadata[i].Name, metadata[i].Value);
            if (ServiceTable.IsInvalid(name) || ServiceTable.IsInvalid(value) || !ObjectKey.TryReadMetadata(name.AsSpan(), value.AsSpan(), out pairs[i]))
            {
                return false;
            }
        }
        header = new ObjectHeader(type, pairs);
        return true;
    }
}
