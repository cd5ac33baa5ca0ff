using EdgeGw.Configuration;
using EdgeGw.Control.Changes;
using EdgeGw.Control.Data;
using Microsoft.Data.Sqlite;

namespace EdgeGw.Control.Catalog;

/// <summary>Domains, read and changed.</summary>
internal sealed class DomainStore(ControlDatabase database, CatalogSettings settings, TimeProvider clock)
    : CatalogRowStore<CatalogDomain, DomainRequest, DomainDocument>(database, CatalogTables.Domains, settings.MaxDomains, "Catalog:MaxDomains", clock)
{
    /// <summary>All of them by host, with what they have.</summary>
    internal List<DomainDocument> List() => Database.Read(connection => DomainRows.All(connection).ConvertAll(domain => Describe(connection, domain)));

    /// <inheritdoc/>
    protected override CatalogDomain Blank(string id) => new(id, 0, "", "", default);

    /// <inheritdoc/>
    protected override DomainDocument Write(SqliteConnection connection, CatalogDomain row, DomainRequest request, DateTimeOffset now)
    {
        var domain = row with { Host = (request.Host ?? "").Trim().ToLowerInvariant(), Description = request.Description ?? "", Changed = now };
        var reasons = new List<string>();
        CatalogRules.Check(domain, reasons);
        CatalogRevision.Refuse("The domain", reasons);
        if (DomainRows.FindHost(connection, domain.Host) is { } other && other.Id != domain.Id)
        {
            throw new ChangeRefusedException(409, $"There is a domain '{domain.Host}' already ({other.Id}).");
        }
        DomainRows.Put(connection, domain);
        return Describe(connection, domain);
    }

    /// <inheritdoc/>
    protected override DomainDocument Describe(SqliteConnection connection, CatalogDomain row) => new(
        row.Id, row.Revision, row.Host, row.Description, CatalogTables.Domains.CountInside(connection, row.Id),
        connection.Number("SELECT count(*) FROM endpoint JOIN collection ON collection.id = endpoint.collection WHERE collection.domain = $id", ("$id", row.Id)), row.Changed);
}
