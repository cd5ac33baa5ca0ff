using System.Collections.Concurrent;
using System.Text;
using EdgeGw.Abi;

namespace EdgeGw.Interop;

/// <summary>The gateway's tables of services, looked for when a handler first asks for a service. Any thread.</summary>
internal sealed unsafe class ServiceTables(AbiHost* host)
{
    private readonly ConcurrentDictionary<(string Kind, string Name), Service> _found = new();
    private void* _database;
    private void* _cache;
    private void* _storage;
    private void* _http;

    public AbiDatabaseV1* Database => (AbiDatabaseV1*)_database;

    public AbiCacheV1* Cache => (AbiCacheV1*)_cache;

    public AbiStorageV1* Storage => (AbiStorageV1*)_storage;

    public AbiHttpV1* Http => (AbiHttpV1*)_http;

    /// <summary>The service of that kind and name.</summary>
    /// <exception cref="InvalidOperationException">This gateway has no services, or binds none of that name to this library.</exception>
    public Service Find(string kind, string name) => _found.TryGetValue((kind, name), out var service) ? service : Look(kind, name);

    private Service Look(string kind, string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        var finder = (AbiServiceV1*)Table(AbiServiceV1.Id, sizeof(AbiServiceV1));
        switch (kind) // the table first: it is there when somebody else sees the service
        {
            case "database": _database = Table(AbiDatabaseV1.Id, sizeof(AbiDatabaseV1)); break;
            case "cache": _cache = Table(AbiCacheV1.Id, sizeof(AbiCacheV1)); break;
            case "storage": _storage = Table(AbiStorageV1.Id, sizeof(AbiStorageV1)); break;
            default: _http = Table(AbiHttpV1.Id, sizeof(AbiHttpV1)); break;
        }
        var arena = NativeArena.Current;
        using var frame = arena.Enter();
        ulong id;
        var result = finder->Find(host, arena.Text(kind), arena.Text(name), &id);
        return result switch
        {
            AbiResult.Ok => _found.GetOrAdd((kind, name), new Service(kind, name, id, this)),
            AbiResult.NotBound => throw new InvalidOperationException(
                $"No {kind} '{name}' is bound to this handler: name it in the manifest ([assembly: UsesService(\"{kind}\", \"{name}\")]) and deploy again."),
            _ => throw new InvalidOperationException($"The gateway does not say what the {kind} '{name}' is ({result})."),
        };
    }

    private void* Table(string id, int size)
    {
        var bytes = Encoding.UTF8.GetBytes(id);
        fixed (byte* data = bytes)
        {
            var table = host->GetTable(host, new AbiText(data, bytes.Length));
            return table is not null && *(uint*)table >= size
                ? table
                : throw new InvalidOperationException($"This gateway does not offer all of {id}, which this handler uses. Use a newer gateway.");
        }
    }
}
