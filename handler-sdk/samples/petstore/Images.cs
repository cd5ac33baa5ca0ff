using System.Text.Encodings.Web;
using System.Text.Json;

namespace PetstoreSample;

/// <summary>A pet's image in storage, up and down as streams.</summary>
public static class Images
{
    private static readonly string[] Types = ["image/gif", "image/jpeg", "image/png", "image/webp"];

    private static readonly TimeSpan LinkLives = TimeSpan.FromMinutes(5);

    // Without \u0026 for '&', so that a link can be copied from the answer. That is for JSON inside of HTML, which this is not.
    private static readonly Json Readable = new(new JsonSerializerOptions(Json.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    [Handler("PUT", "/pets/{id:long}/image", MaxBodyBytes = 10_000_000)]
    public static async Task<Response> Upload(Context context, Request request)
    {
        var type = request.Header("Content-Type")?.Split(';')[0].Trim().ToLowerInvariant();
        if (!Types.Contains(type))
            return Response.Problem(415, $"An image is one of {string.Join(", ", Types)}.");
        _ = await PetTable.FindAsync(context.Database("main"), Pets.Id(request)) ?? throw Pets.Unknown(request);
        await context.Storage("files").PutAsync(Key(Pets.Id(request)), request, type);
        return Response.NoContent();
    }

    [Handler("GET", "/pets/{id:long}/image")]
    public static async Task<Response> Download(Context context, Request request)
    {
        var image = await context.Storage("files").OpenReadAsync(Key(Pets.Id(request))) ?? throw None(request);
        return Response.Download(image).WithHeader("X-Content-Type-Options", "nosniff");
    }

    [Handler("GET", "/pets/{id:long}/image/link")]
    public static async Task<Response> Link(Context context, Request request)
    {
        var (files, key) = (context.Storage("files"), Key(Pets.Id(request)));
        if (await files.StatAsync(key) is null)
            throw None(request);
        return Response.Ok(new ImageLink(await files.PresignAsync(key, LinkLives), (int)LinkLives.TotalSeconds), Readable.ImageLink);
    }

    internal static string Key(long id) => $"pets/{id}";

    private static HandlerError.NotFound None(Request request) => new($"There is no image of a pet {Pets.Id(request)}.");
}
