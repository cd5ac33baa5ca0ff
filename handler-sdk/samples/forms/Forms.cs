using System.Text;

namespace FormsSample;

/// <summary>Forms: the small way, all in memory, and the streaming way.</summary>
public static class Forms
{
    [Handler("GET", "/form")]
    public static Response Show() => Response.Html("""
        <!doctype html><title>Form</title>
        <form method="post" enctype="multipart/form-data">
          <input name="name" placeholder="Your name"> <input name="file" type="file"> <button>Send</button>
        </form>
        """);

    /// <summary>Takes url-encoded and multipart forms alike.</summary>
    [Handler("POST", "/form", MaxBodyBytes = 1_000_000)]
    public static Response Post(Request request)
    {
        var form = request.Form();
        var text = new StringBuilder().Append("name: ").AppendLine(form.Require("name"));
        foreach (var file in form.Files)
            text.AppendLine($"file: {file.FileName} ({file.ContentType}, {file.Content.Length} bytes)");
        return Response.Text(text.ToString());
    }

    /// <summary>Counts uploads of any size without keeping them.</summary>
    [Handler("POST", "/upload", MaxBodyBytes = 10_000_000_000)]
    public static async Task<Response> Upload(Request request)
    {
        var text = new StringBuilder();
        var buffer = new byte[16 * 1024];
        await foreach (var part in request.ReadPartsAsync())
        {
            long bytes = 0;
            for (int read; (read = await part.Content.ReadAsync(buffer)) > 0;)
                bytes += read;
            text.AppendLine($"{part.Name}: {part.FileName ?? "field"}, {bytes} bytes");
        }
        return Response.Text(text.ToString());
    }
}
