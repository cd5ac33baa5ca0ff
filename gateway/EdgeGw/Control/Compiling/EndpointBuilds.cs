using System.Globalization;
using EdgeGw.Control.Admin;
using EdgeGw.Control.Catalog;
using EdgeGw.Control.Changes;
using EdgeGw.Control.Compiling.Builds;
using EdgeGw.Control.Compiling.Sources;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EdgeGw.Control.Compiling;

/// <summary>Compiles and deploys the endpoints of the catalog, each as it was when that was asked for.</summary>
internal sealed class EndpointBuilds(BuildQueue builds, CatalogParts catalog)
{
    internal void Map(IEndpointRouteBuilder routes)
    {
        catalog.Views.BuildOf = Newest;
        routes.MapPost("/api/v1/endpoints/{id}/compile", CompileAsync);
        routes.MapPost("/api/v1/endpoints/{id}/deploy", DeployAsync);
    }

    private EndpointBuild? Newest(string endpoint) =>
        builds.Newest(endpoint) is [var build, ..] ? new EndpointBuild(build.Id, build.State, build.Diagnostics.Count) : null;

    private Task CompileAsync(HttpContext context)
    {
        var endpoint = Source(context);
        return AnswerAsync(context, builds.Begin(endpoint.Endpoint.Id, Input(endpoint)));
    }

    private async Task DeployAsync(HttpContext context)
    {
        var request = await JsonBody.ReadAsync(context, CompileJson.Default.EndpointDeployRequest) ?? new EndpointDeployRequest(null, null, null, null);
        if (request is { Build: not null, Version: not null })
        {
            throw new ChangeRefusedException(400, "A deploy is of one 'build' or of one 'version', not of both.");
        }
        if (request.Version is not null)
        {
            throw new ChangeRefusedException(400, "A version that was deployed before comes back with POST /api/v1/endpoints/{id}/rollback.");
        }
        if (request.Canary is { } percent && percent is not (>= 0.01 and <= 99))
        {
            throw new ChangeRefusedException(400, string.Create(CultureInfo.InvariantCulture, $"'canary' is {percent}; it must be the per cent of the requests that it gets, from 0.01 to 99."));
        }
        var endpoint = Source(context);
        var input = Input(endpoint);
        if (request.Canary is not null)
        {
            catalog.Deploys.RefuseTrial(endpoint); // now, and not after the seconds of a build
        }
        if (request.Build is { } id && (builds.Find(id) is not { } known || known.Document.Endpoint != endpoint.Endpoint.Id || SourceKey.Of(known.Input, "") != SourceKey.Of(input, "")))
        {
            throw new ChangeRefusedException(409, "The endpoint is not what that build compiled any more; deploy without 'build' to compile what it is now.");
        }
        var build = builds.Begin(endpoint.Endpoint.Id, input, new BuildEnd("deploy", async (build, result, cancellation) =>
        {
            await using var library = File.OpenRead(result.Library!);
            return (await catalog.Deploys.DeployAsync(endpoint, library, build.Id, request.Force == true, dryRun: false, cancellation, request.Canary)).Deployment;
        }));
        await AnswerAsync(context, build);
    }

    private EndpointInPlace Source(HttpContext context)
    {
        var endpoint = catalog.Endpoints.Get((string)context.Request.RouteValues["id"]!);
        return endpoint.Endpoint.Kind == EndpointKinds.Source
            ? endpoint
            : throw new ChangeRefusedException(409, $"The endpoint '{endpoint.Endpoint.Name}' is a library: there is nothing to compile; deploy another library (POST /api/v1/deployments).");
    }

    /// <summary>What is compiled of an endpoint.</summary>
    internal static SourceInput Input(EndpointInPlace endpoint) => new(
        endpoint.Endpoint.Name, endpoint.Endpoint.Method ?? "", endpoint.Endpoint.Path ?? "", Files(endpoint.Endpoint.Source.Files), Files(endpoint.Collection.Shared),
        [.. endpoint.Endpoint.Source.Packages.Select(package => new InputPackage(package.Id, package.Version))]);

    private static IReadOnlyList<InputFile> Files(IEnumerable<SourceFile> files) => [.. files.Select(file => new InputFile(file.Name, file.Text))];

    private static Task AnswerAsync(HttpContext context, Build build)
    {
        context.Response.StatusCode = StatusCodes.Status202Accepted;
        context.Response.Headers.Location = $"/api/v1/builds/{build.Id}";
        return context.Response.WriteAsJsonAsync(build.Document, CompileJson.Default.BuildDocument, cancellationToken: context.RequestAborted);
    }
}
