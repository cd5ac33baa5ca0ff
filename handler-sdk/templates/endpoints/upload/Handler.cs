public static class Files
{
    // The gateway ends a larger upload itself, with 413.
    [Handler(MaxBodyBytes = 1_000_000_000)]
    public static async Task<Response> Put(Context context, Request request)
    {
        var name = request.PathParam("name")!;
        if (!name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_') || name.StartsWith('.'))
            throw new HandlerError.BadRequest("A file's name is made of letters, digits, '.', '-' and '_'.");

        // From the client to storage piece by piece: a slow storage makes the client wait.
        var stored = await context.Storage("files").PutAsync($"uploads/{name}", request, request.ContentType);
        return Response.Text($"{stored.Key}: {stored.Size} bytes\n", 201);
    }
}
