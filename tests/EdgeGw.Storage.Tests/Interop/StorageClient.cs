using System.Text;
using EdgeGw.Epochs;
using EdgeGw.Interop;

namespace EdgeGw.Storage.Tests.Interop;

/// <summary>Storage, for a request of the lab.</summary>
internal static class StorageOfExchange
{
    public static StorageClient Storage(this LabExchange exchange, string name = "files") => new(exchange.Id, exchange.Find(ServiceKinds.Storage, name));
}

/// <summary>The functions of <c>edgegw_storage_v1</c> for one request.</summary>
internal sealed unsafe class StorageClient(ulong exchange, ulong service)
{
    private static AbiStorageV1* Table => (AbiStorageV1*)StorageTable.Pointer;

    public Task<Reply> Put(string key, byte[] body, string type = "", params (string Name, string Value)[] metadata) => Put(Encoding.UTF8.GetBytes(key), body, type, metadata);

    public Task<Reply> Put(byte[] key, byte[] body, string type = "", params (string Name, string Value)[] metadata)
    {
        using var texts = new Texts();
        var (k, b, t) = (texts.Add(key), texts.Add(body), texts.Add(type));
        var m = texts.Add(metadata);
        return Reply.Of((replied, state) => Table->Put(exchange, service, k, b, t, m, (nuint)metadata.Length, replied, state));
    }

    public Task<Reply> OpenWrite(string key, long length, string type = "", params (string Name, string Value)[] metadata)
    {
        using var texts = new Texts();
        var (k, t) = (texts.Add(key), texts.Add(type));
        var m = texts.Add(metadata);
        return Reply.Of((replied, state) => Table->OpenWrite(exchange, service, k, length, t, m, (nuint)metadata.Length, replied, state));
    }

    public Task<Reply> Write(ulong upload, byte[] bytes)
    {
        using var texts = new Texts();
        var b = texts.Add(bytes);
        return Reply.Of((replied, state) => Table->Write(exchange, upload, b, replied, state));
    }

    public Task<Reply> Finish(ulong upload) => Reply.Of((replied, state) => Table->Finish(exchange, upload, replied, state));

    public Task<Reply> Get(string key, ulong offset = 0, ulong length = 0)
    {
        using var texts = new Texts();
        var k = texts.Add(key);
        return Reply.Of((replied, state) => Table->Get(exchange, service, k, offset, length, replied, state));
    }

    public Task<Reply> OpenRead(string key, ulong offset = 0, ulong length = 0)
    {
        using var texts = new Texts();
        var k = texts.Add(key);
        return Reply.Of((replied, state) => Table->OpenRead(exchange, service, k, offset, length, replied, state));
    }

    public Task<Reply> Read(ulong download) => Reply.Of((replied, state) => Table->Read(exchange, download, replied, state));

    public Task<Reply> Close(ulong open) => Reply.Of((replied, state) => Table->Close(exchange, open, replied, state));

    public Task<Reply> Stat(string key)
    {
        using var texts = new Texts();
        var k = texts.Add(key);
        return Reply.Of((replied, state) => Table->Stat(exchange, service, k, replied, state));
    }

    public Task<Reply> List(string prefix = "", string delimiter = "", string after = "", uint limit = 1000)
    {
        using var texts = new Texts();
        var (p, d, a) = (texts.Add(prefix), texts.Add(delimiter), texts.Add(after));
        return Reply.Of((replied, state) => Table->List(exchange, service, p, d, a, limit, replied, state));
    }

    public Task<Reply> Remove(string key)
    {
        using var texts = new Texts();
        var k = texts.Add(key);
        return Reply.Of((replied, state) => Table->Remove(exchange, service, k, replied, state));
    }

    public Task<Reply> Copy(string from, string to)
    {
        using var texts = new Texts();
        var (f, t) = (texts.Add(from), texts.Add(to));
        return Reply.Of((replied, state) => Table->Copy(exchange, service, f, t, replied, state));
    }

    public Task<Reply> Presign(AbiPresign method, string key, uint seconds)
    {
        using var texts = new Texts();
        var k = texts.Add(key);
        return Reply.Of((replied, state) => Table->Presign(exchange, service, method, k, seconds, replied, state));
    }
}
