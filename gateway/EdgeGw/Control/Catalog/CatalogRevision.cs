using System.Globalization;
using System.Security.Cryptography;
using EdgeGw.Control.Changes;

namespace EdgeGw.Control.Catalog;

/// <summary>Which state of a document somebody wants to change: what stands against two who edit one document at once.</summary>
internal readonly record struct CatalogRevision(long? Number)
{
    /// <summary>Whatever the document is now (<c>If-Match: *</c>).</summary>
    internal static CatalogRevision Any => default;

    /// <summary>Throws (412) when the document is at another revision.</summary>
    internal void Demand(string what, long current)
    {
        if (Number is { } wanted && wanted != current)
        {
            throw new ChangeRefusedException(412, string.Create(CultureInfo.InvariantCulture,
                $"{what} was changed meanwhile: it is at revision {current}, not {wanted}; nothing was written. Read it again, put your change into it, and send that with If-Match: \"{current}\"."))
            { Revision = current };
        }
    }

    /// <summary>A new document's id: short, and never one that was used before.</summary>
    internal static string NewId() => RandomNumberGenerator.GetString("0123456789abcdefghjkmnpqrstvwxyz", 12);

    /// <summary>Says that a document is not there.</summary>
    internal static ChangeRefusedException Missing(string kind, string id) =>
        new(404, $"There is no {kind} '{(id.Length <= 80 ? id : id[..80] + "…")}'; it may have been deleted meanwhile.");

    /// <summary>Throws (422) with every reason, if there are any.</summary>
    internal static void Refuse(string what, IReadOnlyList<string> reasons)
    {
        if (reasons.Count > 0)
        {
            throw new ChangeRefusedException(422, $"{what} is not valid; nothing was written.", reasons);
        }
    }
}
