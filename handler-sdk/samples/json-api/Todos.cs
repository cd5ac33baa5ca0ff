using System.Collections.Concurrent;
using System.Text.Json.Serialization;

namespace JsonApiSample;

/// <summary>A small JSON API over a list in memory, with validation and errors.</summary>
public static class Todos
{
    private const int Limit = 10_000;

    private static readonly ConcurrentDictionary<int, Todo> All = new();
    private static int s_last;

    [Handler("GET", "/todos")]
    public static Response List(Request request)
    {
        var done = request.QueryAs<bool>("done");
        var found = All.Values.Where(t => done is null || t.Done == done).OrderBy(t => t.Id).Take(request.QueryAs("limit", 100)).ToArray();
        return Response.Ok(found, Json.Default.TodoArray);
    }

    [Handler("POST", "/todos", MaxBodyBytes = 10_000)]
    public static Response Add(Request request)
    {
        var draft = Check(request.Json(Json.Default.Draft));
        if (All.Count >= Limit)
            throw new HandlerError.Conflict($"There are {Limit} things to do already.");
        var todo = new Todo(Interlocked.Increment(ref s_last), draft.Title, draft.Done);
        All[todo.Id] = todo;
        return Response.Created($"/todos/{todo.Id}", todo, Json.Default.Todo);
    }

    [Handler("GET", "/todos/{id:int}")]
    public static Response Get(Request request) => Response.Ok(Find(request), Json.Default.Todo);

    [Handler("PUT", "/todos/{id:int}", MaxBodyBytes = 10_000)]
    public static async Task<Response> Replace(Request request)
    {
        var old = Find(request);
        var draft = Check(await request.JsonAsync(Json.Default.Draft));
        var todo = old with { Title = draft.Title, Done = draft.Done };
        return All.TryUpdate(old.Id, todo, old)
            ? Response.Ok(todo, Json.Default.Todo)
            : throw new HandlerError.Conflict("Somebody else has just changed it.");
    }

    [Handler("DELETE", "/todos/{id:int}")]
    public static Response Delete(Request request)
    {
        All.TryRemove(Find(request).Id, out _);
        return Response.NoContent();
    }

    private static Todo Find(Request request)
    {
        var id = request.RequirePathParam<int>("id");
        return All.GetValueOrDefault(id) ?? throw new HandlerError.NotFound($"There is no todo {id}.");
    }

    private static Draft Check(Draft draft) => draft.Title.Trim().Length is > 0 and <= 200
        ? draft
        : throw new HandlerError.Validation("title", "must have 1 to 200 characters");
}

public sealed record Todo(int Id, string Title, bool Done);

public sealed record Draft(string Title, bool Done = false);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(Todo[]))]
[JsonSerializable(typeof(Draft))]
internal sealed partial class Json : JsonSerializerContext;
