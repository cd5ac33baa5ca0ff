using EdgeGw.Control.Changes;
using EdgeGw.Control.Epochs;
using EdgeGw.Control.Secrets;
using EdgeGw.Control.Supervision;
using EdgeGw.Epochs;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EdgeGw.Control.Admin;

/// <summary>What services there are, and every change of them.</summary>
internal sealed class ServiceEndpoints(EpochStore epochs, EpochChanges changes, WorkerSupervisor workers, WorkerSecrets secrets, TimeProvider clock)
{
    // JSON may need six bytes for one character.
    private const int MaxMigrationBytes = 6 * MigrationRules.MaxCharacters;

    // What the worker needs beside the service's own time.
    private static readonly TimeSpan s_slack = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_migrationTime = TimeSpan.FromHours(1);

    internal void Map(IEndpointRouteBuilder routes)
    {
        const string one = "/api/v1/services/{kind}/{name}";
        routes.MapGet("/api/v1/services", ListAsync);
        routes.MapGet(one, ShowAsync);
        routes.MapPut(one, PutAsync);
        routes.MapDelete(one, RemoveAsync);
        routes.MapPost(one + "/enable", context => EnableAsync(context, true));
        routes.MapPost(one + "/disable", context => EnableAsync(context, false));
        routes.MapPost(one + "/migrate", MigrateAsync);
        routes.MapPost("/api/v1/services/test", TestAsync);
    }

    private async Task ListAsync(HttpContext context)
    {
        var document = new ServicesDocument(await DocumentsAsync(context));
        await context.Response.WriteAsJsonAsync(document, AdminJson.Default.ServicesDocument, cancellationToken: context.RequestAborted);
    }

    private async Task ShowAsync(HttpContext context)
    {
        var id = Id(context);
        var document = (await DocumentsAsync(context)).FirstOrDefault(service => service.Kind == id.Kind && service.Name == id.Name) ?? throw ServiceHistory.Unknown(epochs, id);
        await context.Response.WriteAsJsonAsync(document, AdminJson.Default.ServiceDocument, cancellationToken: context.RequestAborted);
    }

    private async Task PutAsync(HttpContext context)
    {
        var started = clock.GetTimestamp();
        var force = Force(context);
        var outcome = await changes.PutServiceAsync(await ReadAsync(context, Id(context)), force, context.RequestAborted);
        await ChangeAnswer.WriteAsync(context, outcome, clock.GetElapsedTime(started));
    }

    private async Task RemoveAsync(HttpContext context)
    {
        var started = clock.GetTimestamp();
        var outcome = await changes.RemoveServiceAsync(Id(context), Force(context), context.RequestAborted);
        await ChangeAnswer.WriteAsync(context, outcome, clock.GetElapsedTime(started), StatusCodes.Status200OK);
    }

    private async Task EnableAsync(HttpContext context, bool enabled)
    {
        var started = clock.GetTimestamp();
        var outcome = await changes.EnableServiceAsync(Id(context), enabled, Force(context), context.RequestAborted);
        await ChangeAnswer.WriteAsync(context, outcome, clock.GetElapsedTime(started), StatusCodes.Status200OK);
    }

    private async Task TestAsync(HttpContext context)
    {
        var service = await ReadAsync(context, null);
        var reasons = new List<string>();
        ServiceRules.Check(service, reasons);
        if (reasons.Count > 0)
        {
            throw new ChangeRefusedException(422, $"{service} is not configured rightly; nothing was tried.", reasons);
        }
        await Worker().TellSecretsAsync(secrets.Of([service]));
        var answer = await Worker().TestServiceAsync(service, TimeSpan.FromMilliseconds(service.TimeoutMs) + s_slack, context.RequestAborted);
        await context.Response.WriteAsJsonAsync(new ServiceTestDocument(answer.Ok, answer.Ms), AdminJson.Default.ServiceTestDocument, cancellationToken: context.RequestAborted);
    }

    private async Task MigrateAsync(HttpContext context)
    {
        var id = Id(context);
        var service = ServiceHistory.Find(epochs, id) ?? throw ServiceHistory.Unknown(epochs, id);
        if (service.Kind != ServiceKinds.Database)
        {
            throw new ChangeRefusedException(422, $"{id} is a {id.Kind}; only databases have migrations.");
        }
        if (!service.Enabled)
        {
            throw new ChangeRefusedException(409, $"{id} is disabled; enable it with 'edgegw service enable {id}'.");
        }
        var given = await JsonBody.ReadAsync(context, AdminJson.Default.IReadOnlyListMigrationRequest, MaxMigrationBytes) ?? [];
        IReadOnlyList<Migration> migrations = [.. given.Select(migration => new Migration(migration?.Name ?? "", migration?.Sql ?? ""))];
        if (MigrationRules.Faults(migrations) is { Count: > 0 } faults)
        {
            throw new ChangeRefusedException(422, "The migrations are not valid; none was applied.", faults);
        }
        var answer = await Worker().MigrateAsync(new WorkerMigrations(id.Kind, id.Name, migrations), s_migrationTime, context.RequestAborted);
        await context.Response.WriteAsJsonAsync(
            new MigrationsDocument(answer.Applied, answer.Present, answer.Ms), AdminJson.Default.MigrationsDocument, cancellationToken: context.RequestAborted);
    }

    private async Task<IReadOnlyList<ServiceDocument>> DocumentsAsync(HttpContext context) =>
        ServiceDocuments.Of(epochs.Current, workers.InService is { } worker ? await worker.Client.ServicesAsync(context.RequestAborted) : []);

    private WorkerClient Worker() => workers.InService?.Client ?? throw new ChangeRefusedException(503, "No worker is in service; try again in a moment.");

    // The URL names the service, or the body does.
    private static async Task<EpochService> ReadAsync(HttpContext context, ServiceId? url)
    {
        var request = await JsonBody.ReadAsync(context, AdminJson.Default.ServiceRequest) ?? throw new ChangeRefusedException(400, "The body must be the service: {\"provider\":\"…\",\"settings\":{…}}.");
        var id = url ?? new ServiceId(request.Kind ?? "", request.Name ?? "");
        if (id.Kind.Length == 0 || id.Name.Length == 0 || request.Provider is not { Length: > 0 } provider)
        {
            throw new ChangeRefusedException(400, "The service's 'kind', 'name' and 'provider' must be given.");
        }
        if ((request.Kind ?? id.Kind) != id.Kind || (request.Name ?? id.Name) != id.Name)
        {
            throw new ChangeRefusedException(400, $"The URL names {id}, and the body another service.");
        }
        if (request.Settings?.Values.Any(value => value is null) == true)
        {
            throw new ChangeRefusedException(400, "The value of a setting is a text, not null; leave the setting out for its default.");
        }
        var service = new EpochService { Kind = id.Kind, Name = id.Name, Provider = provider };
        return service with
        {
            Settings = request.Settings ?? service.Settings,
            PoolSize = request.PoolSize ?? ServiceProviders.Find(id.Kind, provider)?.PoolSize ?? service.PoolSize,
            QueueLength = request.QueueLength ?? service.QueueLength,
            TimeoutMs = request.TimeoutMs ?? service.TimeoutMs,
            Enabled = request.Enabled ?? service.Enabled,
        };
    }

    private static ServiceId Id(HttpContext context) => new((string)context.Request.RouteValues["kind"]!, (string)context.Request.RouteValues["name"]!);

    private static bool Force(HttpContext context) => context.Request.Query["force"] is [{ Length: > 0 } text, ..]
        ? text switch { "true" => true, "false" => false, _ => throw new ChangeRefusedException(400, "'force' must be true or false.") }
        : false;
}
