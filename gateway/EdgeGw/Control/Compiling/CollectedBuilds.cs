using EdgeGw.Configuration;
using EdgeGw.Control.Artifacts;
using EdgeGw.Control.Catalog;
using EdgeGw.Control.Changes;
using EdgeGw.Control.Compiling.Builds;

namespace EdgeGw.Control.Compiling;

/// <summary>Compiles many endpoints for one change: all of them, or none is of use. As many at a time as builds run at once, so that others' builds have their turns in between.</summary>
internal sealed class CollectedBuilds(BuildQueue builds, ArtifactStore artifacts, CompileSettings settings)
{
    // Of one endpoint; its build has all of them.
    private const int MostErrors = 3;

    /// <summary>Compiles. Throws <see cref="ChangeRefusedException"/> with the errors of each that cannot be compiled; those that had not begun by then are not tried.</summary>
    internal async Task<CollectedLibraries> CompileAsync(IReadOnlyList<EndpointInPlace> endpoints, CancellationToken cancellation)
    {
        foreach (var endpoint in endpoints)
        {
            builds.Check(EndpointBuilds.Input(endpoint));
        }
        var libraries = new CollectedLibrary?[endpoints.Count];
        var errors = new IReadOnlyList<string>?[endpoints.Count];
        try
        {
            var options = new ParallelOptions { MaxDegreeOfParallelism = settings.Parallel, CancellationToken = cancellation };
            await Parallel.ForEachAsync(Enumerable.Range(0, endpoints.Count), options, async (i, stop) =>
            {
                if (errors.All(found => found is null))
                {
                    (libraries[i], errors[i]) = await CompileAsync(endpoints[i], stop);
                }
            });
            if (errors.SelectMany(found => found ?? []).ToList() is { Count: > 0 } reasons)
            {
                var open = libraries.Count(library => library is null) - errors.Count(found => found is not null);
                throw new ChangeRefusedException(422, $"Not every endpoint compiles, so nothing was changed{(open == 0 ? "" : $"; {open} more were not tried")}.", reasons);
            }
            return new CollectedLibraries([.. libraries.Select(library => library!)]);
        }
        catch
        {
            new CollectedLibraries([.. libraries.OfType<CollectedLibrary>()]).Dispose();
            throw;
        }
    }

    private async Task<(CollectedLibrary? Library, IReadOnlyList<string>? Errors)> CompileAsync(EndpointInPlace endpoint, CancellationToken cancellation)
    {
        ArtifactUpload? upload = null;
        var build = builds.Begin(endpoint.Endpoint.Id, EndpointBuilds.Input(endpoint), new BuildEnd("collect", async (_, result, stop) =>
        {
            // A copy: the cache may have to make room before the others are compiled.
            await using var library = File.OpenRead(result.Library!);
            upload = await artifacts.ReceiveAsync(library, endpoint.Endpoint.Name + ".so", stop);
            return null;
        }));
        using (cancellation.Register(build.Cancel))
        {
            await build.Over;
        }
        var document = build.Document;
        if (document.State == BuildStates.Succeeded)
        {
            return (new CollectedLibrary(endpoint, upload!, document), null);
        }
        upload?.Dispose();
        cancellation.ThrowIfCancellationRequested();
        var errors = document.Diagnostics.Where(found => found.Severity == BuildDiagnostic.Error).ToList();
        return (null, errors.Count == 0
            ? [$"{endpoint.Endpoint.Name}: its build was cancelled."]
            : [.. errors.Take(MostErrors).Select(found => $"{endpoint.Endpoint.Name}: {Said(found)}"), .. errors.Count > MostErrors ? (string[])[$"{endpoint.Endpoint.Name}: {errors.Count - MostErrors} more errors (build {build.Id})."] : []]);
    }

    // "Handler.cs(12,5): CS0103: The name 'x' does not exist in the current context."
    private static string Said(BuildDiagnostic found) =>
        $"{(found.File is null ? "" : $"{found.File}({found.Line},{found.Column}): ")}{(found.Code.Length == 0 ? "" : found.Code + ": ")}{found.Message.TrimEnd('.')}.";
}

/// <summary>An endpoint, its library, and the build that the library came from.</summary>
internal sealed record CollectedLibrary(EndpointInPlace Endpoint, ArtifactUpload Upload, BuildDocument Build)
{
    /// <summary>Its deploy.</summary>
    internal PlannedHandler Planned => new(EndpointDeploys.Options(Endpoint, Build.Id), Upload);
}

/// <summary>Libraries that go away with this object unless they are published.</summary>
internal sealed record CollectedLibraries(IReadOnlyList<CollectedLibrary> All) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var library in All)
        {
            library.Upload.Dispose();
        }
    }
}
