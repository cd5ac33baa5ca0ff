using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EdgeGw.Control.Identity;

/// <summary>Who may call which route: every one has its line here. One that has none is for administrators alone, and a test fails.</summary>
internal static class ScopeTable
{
    // Method, path with {} for each parameter (** at the end: everything below), and what is needed: 'anyone' needs no credential; of several scopes all are needed.
    private const string Table =
        """
        GET     /                                           anyone
        GET     /admin/**                                   anyone
        GET     /healthz                                    anyone
        GET     /readyz                                     anyone
        GET     /metrics                                    anyone
        GET     /api/v1/setup                               anyone
        POST    /api/v1/setup                               anyone
        GET     /api/v1/session                             read
        POST    /api/v1/session                             anyone
        DELETE  /api/v1/session                             anyone
        POST    /api/v1/session/password                    read
        GET     /api/v1/users                               admin
        POST    /api/v1/users                               admin
        GET     /api/v1/users/{}                            admin
        PUT     /api/v1/users/{}                            admin
        DELETE  /api/v1/users/{}                            admin
        GET     /api/v1/keys                                admin
        POST    /api/v1/keys                                admin
        GET     /api/v1/keys/{}                             admin
        DELETE  /api/v1/keys/{}                             admin
        GET     /api/v1/audit                               admin
        GET     /api/v1/status                              read
        GET     /api/v1/routes                              read
        GET     /api/v1/epochs                              read
        GET     /api/v1/crashes                             read
        GET     /api/v1/crashes/{}                          read
        GET     /api/v1/stuck                               read
        GET     /api/v1/logs                                read
        GET     /api/v1/requests                            read
        GET     /api/v1/openapi.json                        read
        GET     /api/v1/events                              read
        POST    /api/v1/reload                              admin
        POST    /api/v1/upgrade                             admin
        POST    /api/v1/deployments                         deploy
        POST    /api/v1/rollbacks                           deploy
        GET     /api/v1/canaries                            read
        POST    /api/v1/canaries/{}/promote                 deploy
        POST    /api/v1/canaries/{}/abort                   deploy
        DELETE  /api/v1/handlers/{}                         deploy
        GET     /api/v1/services                            read
        GET     /api/v1/services/providers                  read
        GET     /api/v1/services/{}/{}                      read
        PUT     /api/v1/services/{}/{}                      services
        DELETE  /api/v1/services/{}/{}                      services
        POST    /api/v1/services/{}/{}/enable               services
        POST    /api/v1/services/{}/{}/disable              services
        POST    /api/v1/services/{}/{}/migrate              services
        POST    /api/v1/services/test                       services
        GET     /api/v1/secrets                             services
        PUT     /api/v1/secrets/{}                          services
        DELETE  /api/v1/secrets/{}                          services
        GET     /api/v1/domains                             read
        POST    /api/v1/domains                             deploy
        GET     /api/v1/domains/{}                          read
        PUT     /api/v1/domains/{}                          deploy
        DELETE  /api/v1/domains/{}                          deploy
        GET     /api/v1/collections                         read
        POST    /api/v1/collections                         deploy
        GET     /api/v1/collections/{}                      read
        PUT     /api/v1/collections/{}                      deploy
        DELETE  /api/v1/collections/{}                      deploy
        GET     /api/v1/endpoints                           read
        POST    /api/v1/endpoints                           deploy
        GET     /api/v1/endpoints/{}                        read
        PUT     /api/v1/endpoints/{}                        deploy
        DELETE  /api/v1/endpoints/{}                        deploy
        POST    /api/v1/endpoints/{}/enable                 deploy
        POST    /api/v1/endpoints/{}/disable                deploy
        GET     /api/v1/endpoints/{}/versions               read
        GET     /api/v1/endpoints/{}/versions/{}            read
        POST    /api/v1/endpoints/{}/rollback               deploy
        GET     /api/v1/deployments                         read
        GET     /api/v1/deployments/{}                      read
        GET     /api/v1/compiler                            read
        GET     /api/v1/templates                           read
        POST    /api/v1/compile                             compile
        GET     /api/v1/builds                              read
        GET     /api/v1/builds/{}                           read
        GET     /api/v1/builds/{}/events                    read
        DELETE  /api/v1/builds/{}                           compile
        POST    /api/v1/endpoints/{}/compile                compile
        POST    /api/v1/endpoints/{}/deploy                 compile deploy
        POST    /api/v1/imports/openapi                     deploy
        POST    /api/v1/try                                 deploy
        POST    /api/v1/bundles                             deploy services
        GET     /api/v1/bundles/export                      read
        """;

    private static readonly Dictionary<string, Scopes> s_rows = Parse(Table);
    private static readonly string[] s_below = [.. s_rows.Keys.Where(row => row.EndsWith("/**", StringComparison.Ordinal)).Select(row => row[..^2])];

    /// <summary>Every line: the method with the path.</summary>
    internal static IEnumerable<string> Rows => s_rows.Keys;

    /// <summary>What a request needs; nothing (<see cref="Scopes.None"/>) when anyone may make it. What is not there at all tells nothing to who may not even read.</summary>
    internal static Scopes Needed(HttpContext context) =>
        context.GetEndpoint() is not RouteEndpoint endpoint ? Scopes.Read : Find(context.Request.Method, endpoint.RoutePattern.RawText ?? "") ?? Scopes.Admin;

    /// <summary>What a route needs; null when the table does not have it.</summary>
    internal static Scopes? Find(string method, string template)
    {
        var row = Row(method == HttpMethods.Head ? HttpMethods.Get : method, template);
        return s_rows.TryGetValue(row, out var needed) ? needed
            : s_below.FirstOrDefault(below => row.StartsWith(below, StringComparison.Ordinal)) is { } below ? s_rows[below + "**"]
            : null;
    }

    /// <summary>A route as the table writes it.</summary>
    internal static string Row(string method, string template) => method + " /" + string.Join('/', template.Trim('/').Split('/').Select(
        segment => segment.StartsWith("{*", StringComparison.Ordinal) ? "**" : segment.StartsWith('{') ? "{}" : segment));

    private static Dictionary<string, Scopes> Parse(string table) => table.Split('\n').Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToDictionary(
        fields => $"{fields[0]} {fields[1]}",
        fields => fields[2..].Aggregate(Scopes.None, (needed, name) => ScopeNames.TryParse(name, out var scope) ? needed | scope : needed));
}
