using EdgeGw.Control.Changes;
using Microsoft.AspNetCore.Http;

namespace EdgeGw.Control.Importing;

/// <summary>The query of an import. An unknown key is a fault, since it is most likely a misspelt one: a dry run that is none.</summary>
/// <param name="Domain">A domain's id or host; null: any host, or the collection's.</param>
/// <param name="Collection">A collection's id, or its name; null: the document's title.</param>
/// <param name="DryRun">Whether to stop short of the change.</param>
/// <param name="Deploy">Whether to compile the endpoints and put them in service with it.</param>
/// <param name="Force">Whether to deploy what lets callers down.</param>
internal sealed record ImportQuery(string? Domain, string? Collection, bool DryRun, bool Deploy, bool Force)
{
    internal static ImportQuery Parse(IQueryCollection query)
    {
        var faults = query.Keys.Where(key => key is not ("domain" or "collection" or "dryRun" or "deploy" or "force"))
            .Select(key => $"'{key}' is not a parameter of an import; there are domain, collection, deploy, force and dryRun.").ToList();
        var read = new ImportQuery(One("domain"), One("collection"), Flag("dryRun"), Flag("deploy"), Flag("force"));
        return faults.Count == 0 ? read : throw new ChangeRefusedException(400, "The import's parameters are not valid.", faults);

        bool Flag(string key)
        {
            if (One(key) is not (null or "true" or "false"))
            {
                faults.Add($"'{key}' must be true or false.");
            }
            return query[key] is ["true"];
        }

        string? One(string key)
        {
            if (query[key].Count > 1)
            {
                faults.Add($"'{key}' is given {query[key].Count} times.");
            }
            return query[key] is [{ Length: > 0 } value, ..] ? value.Trim() : null;
        }
    }
}
