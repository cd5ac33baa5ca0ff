using EdgeGw.Configuration;
using EdgeGw.Control.Changes;
using EdgeGw.Control.Data;
using Microsoft.Data.Sqlite;

namespace EdgeGw.Control.Catalog;

/// <summary>Domains, read and changed. Throws <see cref="ChangeRefusedException"/>; then nothing was written.</summary>
internal sealed class DomainStore(ControlDatabase database, CatalogSettings settings, TimeProvider clock)
{
    /// <summary>All of them by host, with what they have.</summary>
    internal List<DomainDocument> List() => database.Read(connection => DomainRows.All(connection).ConvertAll(domain => Describe(connection, domain)));

    /// <summary>One of them.</summary>
    internal DomainDocument Get(string id) => database.Read(connection => Describe(connection, Find(connection, id)));

    /// <summary>Adds one.</summary>
    internal DomainDocument Add(DomainRequest request) => database.Write(connection =>
    {
        if (connection.Number("SELECT count(*) FROM domain") >= settings.MaxDomains)
        {
            throw new ChangeRefusedException(409, $"The catalog has {settings.MaxDomains} domains, the most that Catalog:MaxDomains allows; delete one, or raise it.");
        }
        return Write(connection, new CatalogDomain(CatalogRevision.NewId(), 1, "", "", clock.GetUtcNow()), request);
    });

    /// <summary>Writes one anew: what is not given is empty. What is deployed keeps its host until its next deploy.</summary>
    internal DomainDocument Replace(string id, CatalogRevision revision, DomainRequest request) => database.Write(connection =>
    {
        var known = Find(connection, id);
        revision.Demand($"The domain '{known.Host}'", known.Revision);
        return Write(connection, known with { Revision = known.Revision + 1, Changed = clock.GetUtcNow() }, request);
    });

    /// <summary>Deletes one that has no collections.</summary>
    internal void Delete(string id, CatalogRevision revision) => database.Write(connection =>
    {
        var known = Find(connection, id);
        revision.Demand($"The domain '{known.Host}'", known.Revision);
        if (connection.Number("SELECT count(*) FROM collection WHERE domain = $id", ("$id", id)) is > 0 and var count)
        {
            throw new ChangeRefusedException(409, $"The domain '{known.Host}' has {(count == 1 ? "a collection" : $"{count} collections")}: delete or move {(count == 1 ? "it" : "them")} first.");
        }
        DomainRows.Delete(connection, id);
    });

    private static DomainDocument Write(SqliteConnection connection, CatalogDomain before, DomainRequest request)
    {
        var domain = before with { Host = (request.Host ?? "").Trim().ToLowerInvariant(), Description = request.Description ?? "" };
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

    private static CatalogDomain Find(SqliteConnection connection, string id) => DomainRows.Find(connection, id) ?? throw CatalogRevision.Missing("domain", id);

    private static DomainDocument Describe(SqliteConnection connection, CatalogDomain domain) => new(
        domain.Id, domain.Revision, domain.Host, domain.Description, connection.Number("SELECT count(*) FROM collection WHERE domain = $id", ("$id", domain.Id)),
        connection.Number("SELECT count(*) FROM endpoint JOIN collection ON collection.id = endpoint.collection WHERE collection.domain = $id", ("$id", domain.Id)), domain.Changed);
}
