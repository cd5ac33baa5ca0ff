using System.Text.Json;
using EdgeGw.Configuration;
using EdgeGw.Control.Admin;
using EdgeGw.Control.Changes;
using EdgeGw.Control.Compiling.Builds;
using EdgeGw.Control.Compiling.Sources;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace EdgeGw.Control.Compiling;

/// <summary>The compiler's part of the Admin API that needs no catalog: whether it works, checks of a source, builds and their progress, templates.</summary>
internal sealed class CompileEndpoints(SourceCompiler compiler, BuildQueue builds, CompileSettings settings, TimeProvider clock)
{
    private const int MostListed = 1_000;

    // JSON may write a character in six.
    private const int JsonBytesPerByte = 6;
    private const int RoomForTheRest = 64 * 1024;
    private static readonly TimeSpan s_heartbeat = TimeSpan.FromSeconds(15);
    private static readonly TemplatesDocument s_templates = new(EndpointTemplates.All, null);

    internal void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/v1/compiler", GetCompilerAsync);
        routes.MapPost("/api/v1/compile", CheckAsync);
        routes.MapGet("/api/v1/templates", context => Write(context, s_templates));
        routes.MapGet("/api/v1/builds", ListAsync);
        routes.MapGet("/api/v1/builds/{id}", context => Write(context, Find(context).Document));
        routes.MapDelete("/api/v1/builds/{id}", CancelAsync);
        routes.MapGet("/api/v1/builds/{id}/events", FollowAsync);
    }

    /// <summary>The most bytes of a document with a source.</summary>
    private int MaxBytes => (int)Math.Min(int.MaxValue, ((long)settings.SourceBytes * JsonBytesPerByte) + RoomForTheRest);

    private async Task GetCompilerAsync(HttpContext context)
    {
        var status = await compiler.StatusAsync(context.RequestAborted);
        await context.Response.WriteAsJsonAsync(
            new CompilerDocument(status.Enabled, status.Available, status.Reason, status.Sdk, status.Isolation, builds.Waiting), CompileJson.Default.CompilerDocument, cancellationToken: context.RequestAborted);
    }

    // Answers when it is done; who goes away ends it.
    private async Task CheckAsync(HttpContext context)
    {
        var request = await JsonBody.ReadAsync(context, CompileJson.Default.CheckRequest, MaxBytes) ?? throw new ChangeRefusedException(400, "The request's body is empty; it is to be a source.");
        var build = builds.Begin(null, Input(request));
        using var gone = context.RequestAborted.Register(build.Cancel);
        await build.Over;
        var document = build.Document;
        await context.Response.WriteAsJsonAsync(
            new CheckDocument(document.State == BuildStates.Succeeded, document.Phases, document.Diagnostics), CompileJson.Default.CheckDocument, cancellationToken: context.RequestAborted);
    }

    private Task ListAsync(HttpContext context)
    {
        var endpoint = context.Request.Query["endpoint"] is [{ Length: > 0 } given, ..] ? given : null;
        return context.Response.WriteAsJsonAsync(
            new BuildsDocument([.. builds.Newest(endpoint).Take(MostListed)], null), CompileJson.Default.BuildsDocument, cancellationToken: context.RequestAborted);
    }

    private Task CancelAsync(HttpContext context)
    {
        var build = Find(context);
        if (build.IsOver)
        {
            throw new ChangeRefusedException(409, $"The build '{build.Id}' is over already: it has {build.Document.State}.");
        }
        build.Cancel();
        context.Response.StatusCode = StatusCodes.Status202Accepted;
        return Write(context, build.Document);
    }

    private async Task FollowAsync(HttpContext context)
    {
        var build = Find(context);
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-store";
        // Nobody's stop waits for those who follow.
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(
            context.RequestAborted, context.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping);
        try
        {
            for (var number = 1; ; number++)
            {
                var (document, changed) = build.Watch();
                var json = JsonSerializer.Serialize(document, CompileJson.Default.BuildDocument);
                await context.Response.WriteAsync($"id: {number}\nevent: build\ndata: {json}\n\n", ended.Token);
                await context.Response.Body.FlushAsync(ended.Token);
                if (document.State is not (BuildStates.Queued or BuildStates.Running))
                {
                    return;
                }
                while (await Task.WhenAny(changed, Task.Delay(s_heartbeat, clock, ended.Token)) != changed)
                {
                    ended.Token.ThrowIfCancellationRequested();
                    await context.Response.WriteAsync(":\n\n", ended.Token);
                    await context.Response.Body.FlushAsync(ended.Token);
                }
            }
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // The reader has gone, or the gateway stops.
        }
    }

    private Build Find(HttpContext context)
    {
        var id = (string)context.Request.RouteValues["id"]!;
        return builds.Find(id) ?? throw new ChangeRefusedException(404, "There is no such build, or it is not kept any more (Compile:KeepBuilds).");
    }

    private static SourceInput Input(CheckRequest request)
    {
        if ((request.Files ?? []).Concat(request.Shared ?? []).Any(file => file is not { Name: not null, Text: not null }) || (request.Packages ?? []).Any(package => package is not { Id: not null, Version: not null }))
        {
            throw new ChangeRefusedException(400, "Each file has a 'name' and a 'text', each package an 'id' and a 'version'.");
        }
        return new SourceInput(
            request.Name ?? "check", request.Method ?? "", request.Path ?? "", [.. (request.Files ?? []).Select(File)], [.. (request.Shared ?? []).Select(File)],
            [.. (request.Packages ?? []).Select(package => new InputPackage(package.Id!, package.Version!))]);

        static InputFile File(CheckFile file) => new(file.Name!, file.Text!);
    }

    private static Task Write(HttpContext context, BuildDocument document) =>
        context.Response.WriteAsJsonAsync(document, CompileJson.Default.BuildDocument, cancellationToken: context.RequestAborted);

    private static Task Write(HttpContext context, TemplatesDocument document) =>
        context.Response.WriteAsJsonAsync(document, CompileJson.Default.TemplatesDocument, cancellationToken: context.RequestAborted);
}
