using System.Text.Json;

namespace PetstoreSample;

/// <summary>Pets in a database, their list in a cache. The services are the gateway's: what is behind their names is none of this code's business.</summary>
public static class Pets
{
    // Counts the changes. It is part of every list's key, so that a change makes all lists new at once.
    private const string Changes = "pets:changes";

    private static readonly TimeSpan ListLives = TimeSpan.FromSeconds(30);

    [Handler("GET", "/pets")]
    public static async Task<Response> List(Context context, Request request)
    {
        var page = Page.Of(request);
        var cache = context.Cache("default");
        var changes = await cache.GetStringAsync(Changes) ?? "0";
        var json = await cache.GetOrSetAsync($"pets:list:{changes}:{page.After}:{page.Limit}", ListLives, async () =>
        {
            var pets = await PetTable.ListAsync(context.Database("main"), page);
            return JsonSerializer.SerializeToUtf8Bytes(page.With(pets, "/pets?"), Json.Default.PetPage);
        });
        return Response.Binary(json, "application/json");
    }

    [Handler("GET", "/pets/search")]
    public static async Task<Response> Search(Context context, Request request)
    {
        var page = Page.Of(request);
        var (text, kind, maxPrice) = (request.Query("q"), request.Query("kind"), request.QueryAs<long>("maxPriceCents"));
        if (text is { Length: > 100 } || text?.Contains('\0') == true || kind?.Contains('\0') == true)
            throw new HandlerError.BadRequest("'q' must have at most 100 characters, and neither it nor 'kind' a NUL.");
        var pets = await PetTable.SearchAsync(context.Database("main"), page, text, kind, maxPrice);
        string Parameter(string name, string? value) => value is null ? "" : $"{name}={Uri.EscapeDataString(value)}&";
        var next = $"/pets/search?{Parameter("q", text)}{Parameter("kind", kind)}{Parameter("maxPriceCents", maxPrice?.ToString())}";
        return Response.Ok(page.With(pets, next), Json.Default.PetPage);
    }

    /// <summary>All pets as lines of JSON, straight from the database to the client, however many.</summary>
    [Handler("GET", "/pets/export")]
    public static ValueTask<Response> Export(Context context) => Response.JsonLinesAsync(PetTable.AllAsync(context.Database("main")), Json.Default.Pet);

    [Handler("POST", "/pets", MaxBodyBytes = 10_000)]
    public static async Task<Response> Create(Context context, Request request)
    {
        var draft = (await request.JsonAsync(Json.Default.Draft)).Check();
        var pet = await UniqueAsync(PetTable.AddAsync(context.Database("main"), draft));
        await ChangedAsync(context);
        return Response.Created($"/pets/{pet.Id}", pet, Json.Default.Pet);
    }

    [Handler("GET", "/pets/{id:long}")]
    public static async Task<Response> Get(Context context, Request request)
        => Response.Ok(await PetTable.FindAsync(context.Database("main"), Id(request)) ?? throw Unknown(request), Json.Default.Pet);

    [Handler("PUT", "/pets/{id:long}", MaxBodyBytes = 10_000)]
    public static async Task<Response> Update(Context context, Request request)
    {
        var draft = (await request.JsonAsync(Json.Default.Draft)).Check();
        var pet = await UniqueAsync(PetTable.ReplaceAsync(context.Database("main"), Id(request), draft).AsTask()) ?? throw Unknown(request);
        await ChangedAsync(context);
        return Response.Ok(pet, Json.Default.Pet);
    }

    [Handler("DELETE", "/pets/{id:long}")]
    public static async Task<Response> Delete(Context context, Request request)
    {
        // The image first: who is told that something failed can delete again, and no image is left behind.
        await context.Storage("files").RemoveAsync(Images.Key(Id(request)));
        if (!await PetTable.RemoveAsync(context.Database("main"), Id(request)))
            throw Unknown(request);
        await ChangedAsync(context);
        return Response.NoContent();
    }

    internal static long Id(Request request) => request.RequirePathParam<long>("id");

    internal static HandlerError.NotFound Unknown(Request request) => new($"There is no pet {Id(request)}.");

    private static async Task<T> UniqueAsync<T>(Task<T> change)
    {
        try
        {
            return await change;
        }
        catch (DatabaseException e) when (e.IsUniqueViolation)
        {
            throw new HandlerError.Conflict("Another pet has this chip.", e);
        }
    }

    // The change is made by now: a cache that is down must not make a failure of it. Lists are old for ListLives then.
    private static async Task ChangedAsync(Context context)
    {
        try
        {
            await context.Cache("default").AddAsync(Changes);
        }
        catch (HandlerError e)
        {
            context.Log.Warning($"The cached lists of pets stay until they expire: {e.Message}");
        }
    }
}
