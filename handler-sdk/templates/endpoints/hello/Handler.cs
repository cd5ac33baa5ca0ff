public static class Hello
{
    // Method and path are the endpoint's: [Handler] takes them from there.
    [Handler]
    public static Response Get(Request request)
        => Response.Text($"Hello, {request.Query("name") ?? "world"}!\n");
}
