using System.Text.Json.Serialization.Metadata;
using EdgeGw.Control.Admin;
using EdgeGw.Control.Bundles;
using EdgeGw.Control.Canaries;
using EdgeGw.Control.Catalog;
using EdgeGw.Control.Compiling;
using EdgeGw.Control.Identity;
using EdgeGw.Control.Requests;
using EdgeGw.Control.Secrets;
using EdgeGw.Control.Stuck;
using EdgeGw.Control.Trying;

namespace EdgeGw.Control.OpenApi;

/// <summary>Every call below <c>/api/v1</c>, each once. A test compares it with the routes that there are, makes every call, and compares each answer with its shape.</summary>
internal static class ApiOperations
{
    private const string V1 = "/api/v1";
    private static readonly string[] s_page = ["limit", "after"];

    /// <summary>All of them.</summary>
    internal static IReadOnlyList<ApiOperation> All { get; } = [.. State(), .. Changes(), .. Services(), .. Catalog(), .. Compiling(), .. Identity()];

    private static ApiOperation[] State() =>
    [
        Get("/openapi.json", "This document.", new ApiAnswer(200, null, "application/json")),
        Get("/status", "The gateway, its processes, and the ledger of versions.", AdminJson.Default.StatusDocument),
        Get("/routes", "Every route with its limits.", AdminJson.Default.RoutesDocument),
        Get("/epochs", "The history of what is desired, newest first.", AdminJson.Default.EpochsDocument, "limit"),
        Get("/crashes", "Deaths of workers, newest first.", AdminJson.Default.CrashesDocument),
        Get("/crashes/{id}", "One of them, with all that is known.", AdminJson.Default.CrashReport),
        Get("/stuck", "Calls that were given up, newest first.", StuckReportJson.Default.StuckDocument, "limit"),
        Get("/logs", "The log, a JSON document a line.", new ApiAnswer(200, null, "application/x-ndjson")) with { Query = ["tail", "follow", "handler"] },
        Get("/requests", "The newest requests of the request log, newest first.", RequestsJson.Default.RequestsDocument, "handler", "status", "id", "limit"),
        Get("/events", "What happens, as server-sent events.", new ApiAnswer(200, null, "text/event-stream")) with { Query = ["log", "requests", "handler", "status", "metrics"] },
    ];

    private static ApiOperation[] Changes() =>
    [
        Post("/deployments", "Deploys a library.", AdminJson.Default.ChangeDocument, 201, 200) with
        {
            BodyType = "application/octet-stream",
            Query =
            [
                "name", "host", "prefix", "wait", "drainMs", "deadlineMs", "hardDeadlineMs", "concurrency", "totalConcurrency", "serviceCallsPerSecond", "maxBodyBytes", "heapBytes", "set", "service",
                "isolation", "memoryBytes", "cpuSeconds", "openFiles", "canary", "promoteAfterMs", "force", "dryRun",
            ],
        },
        Post("/rollbacks", "Goes back: one handler, to an epoch, or the last change undone.", AdminJson.Default.ChangeDocument, 201) with { Body = AdminJson.Default.RollbackRequest, BodyOptional = true },
        Get("/canaries", "Versions on trial beside the live ones, and how the last trials ended.", CanariesJson.Default.CanariesDocument),
        Post("/canaries/{name}/promote", "Makes a handler's canary its live version.", AdminJson.Default.ChangeDocument, 201, 200),
        Post("/canaries/{name}/abort", "Ends a handler's canary.", AdminJson.Default.ChangeDocument, 201, 200),
        Delete("/handlers/{name}", "Takes a handler out of service.", new ApiAnswer(200, AdminJson.Default.ChangeDocument)),
        Post("/bundles", "Applies a bundle of handlers, services and rows of the catalog as one epoch, or nothing.", PlanJson.Default.PlanDocument, 201, 200) with { BodyType = "application/zip", Query = ["deploy", "dryRun", "force", "prune"] },
        Post("/imports/openapi", "Makes a collection's endpoints from an OpenAPI document, YAML or JSON.", PlanJson.Default.ImportDocument, 201, 200) with { BodyType = "application/yaml", Query = ["domain", "collection", "deploy", "force", "dryRun"] },
        Get("/bundles/export", "What is deployed, and the catalog, as a bundle.", new ApiAnswer(200, null, "application/zip")),
        Post("/reload", "Reads the settings again and hands over to a fresh worker.", AdminJson.Default.ReloadDocument, 200),
        Post("/upgrade", "Puts the program at the gateway's path in its place.", AdminJson.Default.UpgradeDocument, 202),
        Post("/try", "Sends one request to a listener of the gateway.", TryJson.Default.TryAnswer, 200) with { Body = TryJson.Default.TryRequest },
    ];

    private static ApiOperation[] Services() =>
    [
        Get("/services", "Every service.", AdminJson.Default.ServicesDocument),
        Get("/services/providers", "What services can be made of.", ProviderJson.Default.ProvidersDocument),
        Get("/services/{kind}/{name}", "One service.", AdminJson.Default.ServiceDocument),
        Put("/services/{kind}/{name}", "Adds a service, or changes it.", AdminJson.Default.ServiceRequest, AdminJson.Default.ChangeDocument, 201, 200) with { Query = ["force"] },
        Delete("/services/{kind}/{name}", "Takes a service away.", new ApiAnswer(200, AdminJson.Default.ChangeDocument)) with { Query = ["force"] },
        Post("/services/{kind}/{name}/enable", "Lets handlers use a service.", AdminJson.Default.ChangeDocument, 200) with { Query = ["force"] },
        Post("/services/{kind}/{name}/disable", "Lets handlers not use it.", AdminJson.Default.ChangeDocument, 200) with { Query = ["force"] },
        Post("/services/{kind}/{name}/migrate", "Applies migrations to a database.", AdminJson.Default.MigrationsDocument, 200) with { Body = AdminJson.Default.IReadOnlyListMigrationRequest },
        Post("/services/test", "Has a service tried.", AdminJson.Default.ServiceTestDocument, 200) with { Body = AdminJson.Default.ServiceRequest },
        Get("/secrets", "The names of secrets.", SecretJson.Default.SecretsDocument, s_page),
        Put("/secrets/{name}", "Keeps a secret.", SecretJson.Default.SecretRequest, SecretJson.Default.SecretDocument, 201, 200),
        Delete("/secrets/{name}", "Forgets a secret.", new ApiAnswer(204)) with { Query = ["force"] },
    ];

    private static ApiOperation[] Catalog() =>
    [
        .. Documents("domain", CatalogJson.Default.PageDomainDocument, CatalogJson.Default.DomainRequest, CatalogJson.Default.DomainDocument),
        .. Documents("collection", CatalogJson.Default.PageCollectionDocument, CatalogJson.Default.CollectionRequest, CatalogJson.Default.CollectionDocument, "domain"),
        .. Documents("endpoint", CatalogJson.Default.PageEndpointDocument, CatalogJson.Default.EndpointRequest, CatalogJson.Default.EndpointDocument, "domain", "collection", "state", "q"),
        Post("/endpoints/{id}/enable", "Puts an endpoint in service in its newest version.", CatalogJson.Default.EndpointDocument, 200),
        Post("/endpoints/{id}/disable", "Takes an endpoint out of service.", CatalogJson.Default.EndpointDocument, 200),
        Post("/endpoints/{id}/rollback", "Puts a version in service again.", AdminJson.Default.ChangeDocument, 201, 200) with { Body = CatalogJson.Default.VersionRequest },
        Get("/endpoints/{id}/versions", "The versions of an endpoint, newest first.", CatalogJson.Default.PageVersionDocument, s_page),
        Get("/endpoints/{id}/versions/{version}", "One version with its source.", CatalogJson.Default.VersionDocument),
        Get("/deployments", "Every attempt to change what serves, newest first.", CatalogJson.Default.PageDeploymentDocument, ["endpoint", "handler", .. s_page]),
        Get("/deployments/{id}", "One of them.", CatalogJson.Default.DeploymentDocument),
    ];

    private static ApiOperation[] Compiling() =>
    [
        Get("/compiler", "Whether sources can be compiled here, and how builds are kept apart.", CompileJson.Default.CompilerDocument),
        Get("/templates", "Sources to begin with.", CompileJson.Default.TemplatesDocument),
        Post("/compile", "Compiles a source and keeps nothing.", CompileJson.Default.CheckDocument, 200) with { Body = CompileJson.Default.CheckRequest },
        Post("/endpoints/{id}/compile", "Begins to compile an endpoint's source.", CompileJson.Default.BuildDocument, 202),
        Post("/endpoints/{id}/deploy", "Begins to compile an endpoint's source where that is still to be done, and deploys it.", CompileJson.Default.BuildDocument, 202) with { Body = CompileJson.Default.EndpointDeployRequest, BodyOptional = true },
        Get("/builds", "Builds, newest first.", CompileJson.Default.BuildsDocument, "endpoint"),
        Get("/builds/{id}", "One build.", CompileJson.Default.BuildDocument),
        Delete("/builds/{id}", "Cancels a build.", new ApiAnswer(202, CompileJson.Default.BuildDocument)),
        Get("/builds/{id}/events", "The progress of a build, as server-sent events.", new ApiAnswer(200, null, "text/event-stream")),
    ];

    private static ApiOperation[] Identity() =>
    [
        Get("/setup", "Whether the first user is still to be made.", IdentityJson.Default.SetupDocument),
        Post("/setup", "Makes the first user.", IdentityJson.Default.SessionDocument, 201) with { Body = IdentityJson.Default.SetupRequest },
        Get("/session", "Who asks, and what he may.", IdentityJson.Default.SessionDocument),
        Post("/session", "Logs in.", IdentityJson.Default.SessionDocument, 200) with { Body = IdentityJson.Default.LoginRequest },
        Delete("/session", "Logs out.", new ApiAnswer(204)),
        Post("/session/password", "Changes one's own password.", null, 204) with { Body = IdentityJson.Default.PasswordRequest },
        Get("/users", "Users.", IdentityJson.Default.UsersDocument, s_page),
        Post("/users", "Adds a user.", IdentityJson.Default.UserDocument, 201) with { Body = IdentityJson.Default.UserRequest },
        Get("/users/{name}", "One user.", IdentityJson.Default.UserDocument),
        Put("/users/{name}", "Changes a user.", IdentityJson.Default.UserRequest, IdentityJson.Default.UserDocument, 200) with { IfMatch = true },
        Delete("/users/{name}", "Deletes a user.", new ApiAnswer(204)) with { IfMatch = true },
        Get("/keys", "API keys, without their secrets.", IdentityJson.Default.KeysDocument, s_page),
        Post("/keys", "Makes an API key, which is shown this once.", IdentityJson.Default.KeyDocument, 201) with { Body = IdentityJson.Default.KeyRequest },
        Get("/keys/{id}", "One API key.", IdentityJson.Default.KeyDocument),
        Delete("/keys/{id}", "Withdraws an API key.", new ApiAnswer(204)) with { IfMatch = true },
        Get("/audit", "Every change that was asked for, newest first.", IdentityJson.Default.AuditDocument, s_page),
    ];

    private static IEnumerable<ApiOperation> Documents(string name, JsonTypeInfo page, JsonTypeInfo request, JsonTypeInfo document, params string[] filters)
    {
        var all = $"/{name}s";
        yield return Get(all, $"The {name}s of the catalog.", page, [.. filters, .. s_page]);
        yield return Post(all, $"Adds a {name}.", document, 201) with { Body = request };
        yield return Get(all + "/{id}", $"One {name}.", document);
        yield return Put(all + "/{id}", $"Writes a {name} anew.", request, document, 200) with { IfMatch = true };
        yield return Delete(all + "/{id}", $"Deletes a {name}.", new ApiAnswer(204)) with { IfMatch = true, Query = name == "endpoint" ? ["undeploy"] : [] };
    }

    private static ApiOperation Get(string path, string summary, JsonTypeInfo shape, params string[] query) => Get(path, summary, new ApiAnswer(200, shape)) with { Query = query };

    private static ApiOperation Get(string path, string summary, ApiAnswer answer) => new("GET", V1 + path, summary) { Answers = [answer] };

    private static ApiOperation Post(string path, string summary, JsonTypeInfo? shape, params int[] statuses) => new("POST", V1 + path, summary) { Answers = [.. statuses.Select(status => new ApiAnswer(status, shape))] };

    private static ApiOperation Put(string path, string summary, JsonTypeInfo body, JsonTypeInfo shape, params int[] statuses) =>
        new("PUT", V1 + path, summary) { Body = body, Answers = [.. statuses.Select(status => new ApiAnswer(status, shape))] };

    private static ApiOperation Delete(string path, string summary, ApiAnswer answer) => new("DELETE", V1 + path, summary) { Answers = [answer] };
}
