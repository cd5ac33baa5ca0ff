using EdgeGw.Control.Changes;
using Microsoft.AspNetCore.Http;

namespace EdgeGw.Control.Bundles;

/// <summary>The query of an apply. An unknown key is a fault, since it is most likely a misspelt one: a dry run that is none.</summary>
internal sealed record BundleQuery(bool DryRun, bool Prune, bool Force, bool Deploy)
{
    internal static BundleQuery Parse(IQueryCollection query)
    {
        var faults = query.Keys.Where(key => key is not ("dryRun" or "prune" or "force" or "deploy")).Select(key => $"'{key}' is not a parameter of a bundle; there are dryRun, prune, force and deploy.").ToList();
        var read = new BundleQuery(Flag("dryRun"), Flag("prune"), Flag("force"), Flag("deploy"));
        return faults.Count == 0 ? read : throw new ChangeRefusedException(400, "The bundle's parameters are not valid.", faults);

        bool Flag(string key)
        {
            switch (query[key].ToArray())
            {
                case [] or ["false"]:
                    return false;
                case ["true"]:
                    return true;
                default:
                    faults.Add($"'{key}' must be true or false, once.");
                    return false;
            }
        }
    }
}
