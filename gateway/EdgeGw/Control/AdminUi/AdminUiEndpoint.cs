using System.IO.Compression;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EdgeGw.Control.AdminUi;

/// <summary>The Admin UI at <c>/admin/</c>: files without a secret in them, for everybody who reaches the listener; what they show comes from the Admin API, which asks who one is.</summary>
internal sealed class AdminUiEndpoint
{
    private const string Index = "index.html";

    // Nothing but our own files runs or is shown, nothing is inline, nobody frames the page. Handlers' answers, shown in the request tester, are text to it.
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    private readonly IReadOnlyDictionary<string, AdminUiFile> _files = AdminUiFile.All();

    internal void Map(IEndpointRouteBuilder routes)
    {
        string[] methods = [HttpMethods.Get, HttpMethods.Head];
        routes.MapMethods("/", methods, Redirect);
        routes.MapMethods("/admin/{**path}", methods, ServeAsync);
    }

    private static Task Redirect(HttpContext context)
    {
        context.Response.Redirect("/admin/");
        return Task.CompletedTask;
    }

    private Task ServeAsync(HttpContext context)
    {
        if (context.Request.Path == "/admin")
        {
            return Redirect(context);
        }
        var response = context.Response;
        Protect(response.Headers);
        var path = (string?)context.Request.RouteValues["path"] ?? "";
        if (!_files.TryGetValue(path, out var file))
        {
            if (path.StartsWith("assets/", StringComparison.Ordinal))
            {
                // A page that was open while the gateway was upgraded; the index names the files of now.
                response.StatusCode = StatusCodes.Status404NotFound;
                return response.WriteAsync("There is no such file in this version of the Admin UI; reload the page.\n");
            }
            if (!_files.TryGetValue(Index, out file)) // whatever is no file is a page of the application
            {
                response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                return response.WriteAsync("This edgegw was built without the Admin UI: build it with './build.sh publish', which makes the page first.\n");
            }
        }
        return SendAsync(context, file);
    }

    private static async Task SendAsync(HttpContext context, AdminUiFile file)
    {
        var (request, response) = (context.Request, context.Response);
        response.Headers.ETag = file.ETag;
        response.Headers.Vary = "Accept-Encoding";
        response.Headers.CacheControl = file.Immutable ? "public, max-age=31536000, immutable" : "no-cache";
        if (request.Headers.IfNoneMatch.Contains(file.ETag))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }
        response.ContentType = file.ContentType;
        var encoding = Accepts(request, "br") ? "br" : Accepts(request, "gzip") ? "gzip" : null;
        if (encoding is null)
        {
            if (!HttpMethods.IsHead(request.Method))
            {
                await using var plain = new GZipStream(AdminUiFile.Open(file.Gzip), CompressionMode.Decompress);
                await plain.CopyToAsync(response.Body, context.RequestAborted);
            }
            return;
        }
        await using var content = AdminUiFile.Open(encoding == "br" ? file.Brotli : file.Gzip);
        response.Headers.ContentEncoding = encoding;
        response.ContentLength = content.Length;
        if (!HttpMethods.IsHead(request.Method))
        {
            await content.CopyToAsync(response.Body, context.RequestAborted);
        }
    }

    private static bool Accepts(HttpRequest request, string encoding) =>
        request.GetTypedHeaders().AcceptEncoding.Any(accepted => accepted.Value.Equals(encoding, StringComparison.OrdinalIgnoreCase) && accepted.Quality is null or > 0);

    private static void Protect(IHeaderDictionary headers)
    {
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
    }
}
