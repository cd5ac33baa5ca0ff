namespace EdgeGw.Tests;

/// <summary>Handlers whose calls of services should allocate nothing. Each reply is there when the call returns.</summary>
public static partial class FreeOfCharge
{
    private static readonly byte[] Buffer = new byte[100];
    private static readonly Response Kept = Response.NoContent();

    [Handler("GET", "/free/cache")]
    public static async ValueTask<Response> Cached(Context context)
        => await context.Cache("default").GetAsync("key", Buffer) == 5 ? Kept : throw new InvalidOperationException("It is another value.");

    [Handler("GET", "/free/execute")]
    public static async ValueTask<Response> Execute(Context context)
        => await context.Database("main").ExecuteAsync("UPDATE pets SET name = $1, weight = $2, owner = $3, seen = $4 WHERE id = $5",
            "Rex", 1.5m, Guid.Empty, DateTimeOffset.UnixEpoch, 7) == 1 ? Kept : throw new InvalidOperationException("It changed nothing.");

    [Handler("GET", "/free/query-one")]
    public static async ValueTask<Response> QueryOne(Context context)
        => (await context.Database("main").QueryOneAsync<Weighed>("SELECT id, weight FROM pets WHERE id = $1", 7)).Id == 7
            ? Kept
            : throw new InvalidOperationException("It is another row.");

    [Row]
    internal readonly partial record struct Weighed(long Id, double Weight);
}
