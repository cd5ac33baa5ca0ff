using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EdgeGw.Control.Identity;

/// <summary>Who may call which route: every one has its line here. One that has none is for administrators alone, and a test fails.</summary>
internal static class ScopeTable
{
    // A path with {} for each parameter (** at the end: everything below), and for each method what it needs: 'anyone' needs no credential; of several scopes all are needed.
    private const string Table =
        """
        /                                           GET:anyone
        /admin/**                                   GET:anyone
        /healthz                                    GET:anyone
        /readyz                                     GET:anyone
        /metrics                                    GET:anyone
        /api/v1/setup                               GET:anyone     POST:anyone
        /api/v1/session                             GET:read       POST:anyone    DELETE:anyone
        /api/v1/session/password                    POST:read
        /api/v1/users                               GET:admin      POST:admin
        /api/v1/users/{}                            GET:admin      PUT:admin      DELETE:admin
        /api/v1/keys                                GET:admin      POST:admin
        /api/v1/keys/{}                             GET:admin      DELETE:admin
        /api/v1/audit                               GET:admin
        /api/v1/status                              GET:read
        /api/v1/routes                              GET:read
        /api/v1/epochs                              GET:read
        /api/v1/crashes                             GET:read
        /api/v1/crashes/{}                          GET:read
        /api/v1/stuck                               GET:read
        /api/v1/logs                                GET:read
        /api/v1/requests                            GET:read
        /api/v1/openapi.json                        GET:read
        /api/v1/events                              GET:read
        /api/v1/reload                              POST:admin
        /api/v1/upgrade                             POST:admin
        /api/v1/deployments                         POST:deploy    GET:read
        /api/v1/rollbacks                           POST:deploy
        /api/v1/canaries                            GET:read
        /api/v1/canaries/{}/promote                 POST:deploy
        /api/v1/canaries/{}/abort                   POST:deploy
        /api/v1/handlers/{}                         DELETE:deploy
        /api/v1/services                            GET:read
        /api/v1/services/providers                  GET:read
        /api/v1/services/{}/{}                      GET:read       PUT:services   DELETE:services
        /api/v1/services/{}/{}/enable               POST:services
        /api/v1/services/{}/{}/disable              POST:services
        /api/v1/services/{}/{}/migrate              POST:services
        /api/v1/services/test                       POST:services
        /api/v1/secrets                             GET:services
        /api/v1/secrets/{}                          PUT:services   DELETE:services
        /api/v1/domains                             GET:read       POST:deploy
        /api/v1/domains/{}                          GET:read       PUT:deploy     DELETE:deploy
        /api/v1/collections                         GET:read       POST:deploy
        /api/v1/collections/{}                      GET:read       PUT:deploy     DELETE:deploy
        /api/v1/endpoints                           GET:read       POST:deploy
        /api/v1/endpoints/{}                        GET:read       PUT:deploy     DELETE:deploy
        /api/v1/endpoints/{}/enable                 POST:deploy
        /api/v1/endpoints/{}/disable                POST:deploy
        /api/v1/endpoints/{}/versions               GET:read
        /api/v1/endpoints/{}/versions/{}            GET:read
        /api/v1/endpoints/{}/rollback               POST:deploy
        /api/v1/deployments/{}                      GET:read
        /api/v1/compiler                            GET:read
        /api/v1/templates                           GET:read
        /api/v1/compile                             POST:compile
        /api/v1/builds                              GET:read
        /api/v1/builds/{}                           GET:read       DELETE:compile
        /api/v1/builds/{}/events                    GET:read
        /api/v1/endpoints/{}/compile                POST:compile
        /api/v1/endpoints/{}/deploy                 POST:compile+deploy
        /api/v1/imports/openapi                     POST:deploy
        /api/v1/try                                 POST:deploy
        /api/v1/bundles                             POST:deploy+services
        /api/v1/bundles/export                      GET:read
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

    private static Dictionary<string, Scopes> Parse(string table)
    {
        var rows = new Dictionary<string, Scopes>();
        foreach (var fields in table.Split('\n').Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)))
        {
            foreach (var (method, scopes) in fields[1..].Select(field => field.Split(':')).Select(parts => (parts[0], parts[1].Split('+'))))
            {
                rows.Add($"{method} {fields[0]}", scopes.Aggregate(Scopes.None, (needed, name) => ScopeNames.TryParse(name, out var scope) ? needed | scope : needed));
            }
        }
        return rows;
    }
}
