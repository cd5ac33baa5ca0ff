using System.Collections.Concurrent;

[assembly: EdgeGw.UsesService("storage", "files")] // a test asks for one that is not bound

namespace EdgeGw.Tests;

/// <summary>A handler whose work the test writes.</summary>
public static class Scripted
{
    private static readonly ConcurrentDictionary<string, Func<Context, Request, Task<Response>>> Scripts = new();

    [Handler("*", "/script/{id}", MaxBodyBytes = 1_000_000_000)]
    public static Task<Response> Run(Context context, Request request) => Scripts[request.PathParam("id")](context, request);

    /// <summary>Runs <paramref name="script"/> as a handler, and gives what it gave.</summary>
    public static async Task<T> RunAsync<T>(this FakeGateway gateway, Func<Context, ValueTask<T>> script)
    {
        T? result = default;
        var response = await gateway.SendAsync(async (context, _) =>
        {
            result = await script(context);
            return Response.NoContent();
        });
        Assert.That(response.Status, Is.EqualTo(204), response.Error ?? response.Text);
        Assert.That(gateway.Violations, Is.Empty);
        return result!;
    }

    /// <summary>The same for a script without a result.</summary>
    public static Task RunAsync(this FakeGateway gateway, Func<Context, ValueTask> script) => gateway.RunAsync(async context =>
    {
        await script(context);
        return 0;
    });

    /// <summary>Runs <paramref name="script"/> as a handler, and gives the response.</summary>
    public static Task<FakeResponse> SendAsync(this FakeGateway gateway, Func<Context, Request, Task<Response>> script, FakeRequest? request = null)
        => gateway.Open(script, request).ReadAsync();

    /// <summary>Begins to run <paramref name="script"/> as a handler.</summary>
    public static FakeCall Open(this FakeGateway gateway, Func<Context, Request, Task<Response>> script, FakeRequest? request = null)
    {
        var id = Guid.NewGuid().ToString("N");
        Scripts[id] = script;
        request ??= new FakeRequest("POST", "/");
        return gateway.Open(request with { Target = $"/script/{id}" });
    }

    /// <summary>What a script throws.</summary>
    public static async Task<Exception> FailureAsync(this FakeGateway gateway, Func<Context, ValueTask> script)
    {
        Exception? thrown = null;
        await gateway.RunAsync(async context =>
        {
            try
            {
                await script(context);
            }
            catch (Exception e)
            {
                thrown = e;
            }
        });
        return thrown ?? throw new AssertionException("It did not throw.");
    }
}
