using System.Text.Json.Serialization;

public static class Notes
{
    [Handler]
    public static async Task<Response> Get(Context context, Request request)
    {
        // The name is what the code asks for. The endpoint's settings say which of the gateway's databases that is.
        var database = context.Database("main");
        await database.ExecuteAsync("CREATE TABLE IF NOT EXISTS notes (id INTEGER PRIMARY KEY, text TEXT NOT NULL)");

        // Whatever a client sent is a parameter, and never part of a statement's text.
        if (request.Query("add") is { Length: > 0 and <= 200 } text)
            await database.ExecuteAsync("INSERT INTO notes (text) VALUES ($1)", text);
        var notes = await database.QueryAsync<Note>("SELECT id, text FROM notes ORDER BY id DESC LIMIT $1", request.QueryAs("limit", 20));
        return Response.Ok(notes, Json.Default.ListNote);
    }
}

[Row]
public sealed partial record Note(long Id, string Text);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(List<Note>))]
internal sealed partial class Json : JsonSerializerContext;
