using EdgeGw.Configuration;
using EdgeGw.Control.Changes;
using EdgeGw.Control.Data;
using EdgeGw.Control.Epochs;
using Microsoft.Data.Sqlite;

namespace EdgeGw.Control.Catalog;

/// <summary>An endpoint with what it stands in: all that is needed to compile and to deploy it.</summary>
internal sealed record EndpointInPlace(CatalogEndpoint Endpoint, CatalogCollection Collection, CatalogDomain Domain)
{
    /// <summary>What is compiled, to be kept with the version that comes of it.</summary>
    internal SourceSnapshot Snapshot => new(Endpoint.Method, Endpoint.Path, Endpoint.Source.Files, Collection.Shared, Endpoint.Source.Packages);
}

/// <summary>Endpoints, read and changed. Throws <see cref="ChangeRefusedException"/>; then nothing was written. What is deployed changes with the next deploy only.</summary>
internal sealed class EndpointStore(ControlDatabase database, EpochStore epochs, CatalogSettings settings, TimeProvider clock)
{
    /// <summary>Told the id of each endpoint that was added, changed or deleted.</summary>
    internal Action<string>? Changed { get; set; }

    /// <summary>All of them by name, without their source, and what they stand in.</summary>
    internal List<EndpointInPlace> List() => !database.Exists ? [] : database.Read(connection =>
    {
        var domains = DomainRows.All(connection).ToDictionary(domain => domain.Id);
        var collections = CollectionRows.All(connection).ToDictionary(collection => collection.Id);
        return EndpointRows.All(connection).ConvertAll(endpoint => new EndpointInPlace(endpoint, collections[endpoint.Collection], domains[collections[endpoint.Collection].Domain]));
    });

    /// <summary>The newest version of each endpoint that has a library, by both.</summary>
    internal Dictionary<(string Endpoint, string Sha256), long> Versions() => database.Exists ? database.Read(VersionRows.Numbers) : [];

    /// <summary>One of them.</summary>
    internal EndpointInPlace Get(string id) => database.Read(connection => Find(connection, id));

    /// <summary>One of them by name; null when there is none.</summary>
    internal EndpointInPlace? FindName(string name) => database.Read(connection => EndpointRows.FindName(connection, name) is { } endpoint ? InPlace(connection, endpoint) : null);

    /// <summary>Adds one.</summary>
    internal EndpointInPlace Add(EndpointRequest request)
    {
        var added = database.Write(connection =>
        {
            if (connection.Number("SELECT count(*) FROM endpoint") >= settings.MaxEndpoints)
            {
                throw new ChangeRefusedException(409, $"The catalog has {settings.MaxEndpoints} endpoints, the most that Catalog:MaxEndpoints allows; delete one, or raise it.");
            }
            var blank = new CatalogEndpoint
            {
                Id = CatalogRevision.NewId(),
                Revision = 1,
                Collection = "",
                Name = "",
                Description = "",
                Enabled = true,
                Kind = EndpointKinds.Source,
                Source = new EndpointSource(),
                Services = new Dictionary<string, string>(),
                Limits = new(),
                Settings = new Dictionary<string, string>(),
                Changed = clock.GetUtcNow(),
            };
            var written = Write(connection, blank, request);
            Adopt(connection, written.Endpoint);
            return written;
        });
        Changed?.Invoke(added.Endpoint.Id);
        return added;
    }

    /// <summary>What was deployed past the catalog under a new endpoint's name is its first version from here on.</summary>
    internal void Adopt(SqliteConnection connection, CatalogEndpoint endpoint)
    {
        if (epochs.Current?.Handlers.FirstOrDefault(handler => handler.Name == endpoint.Name) is { } deployed)
        {
            VersionRows.Record(connection, new EndpointVersion(endpoint.Id, 0, endpoint.Changed, ChangeAuthor.Name, deployed.Version, deployed.Sha256, null, null, deployed), settings.KeepVersions);
        }
    }

    /// <summary>Writes one anew: what is not given is empty.</summary>
    internal EndpointInPlace Replace(string id, CatalogRevision revision, EndpointRequest request)
    {
        var replaced = database.Write(connection =>
        {
            var known = Find(connection, id).Endpoint;
            revision.Demand($"The endpoint '{known.Name}'", known.Revision);
            if (request.Name != known.Name && (IsDeployed(known.Name) || VersionRows.Newest(connection, id) is not null))
            {
                throw new ChangeRefusedException(409, $"The endpoint '{known.Name}' was deployed under its name, which stays; make another one for another name.");
            }
            if (request.Kind is { } kind && kind != known.Kind)
            {
                throw new ChangeRefusedException(409, $"The endpoint '{known.Name}' is of the kind '{known.Kind}', which stays; make another one of the kind '{kind}'.");
            }
            return Write(connection, known with { Revision = known.Revision + 1, Changed = clock.GetUtcNow() }, request);
        });
        Changed?.Invoke(id);
        return replaced;
    }

    /// <summary>Deletes one that is not deployed, with its versions.</summary>
    internal void Delete(string id, CatalogRevision revision)
    {
        database.Write(connection =>
        {
            var known = Find(connection, id).Endpoint;
            revision.Demand($"The endpoint '{known.Name}'", known.Revision);
            if (IsDeployed(known.Name))
            {
                throw new ChangeRefusedException(409, $"The endpoint '{known.Name}' is deployed: disable it first, or delete it with undeploy=true.");
            }
            EndpointRows.Delete(connection, id);
        });
        Changed?.Invoke(id);
    }

    /// <summary>Says whether somebody wants it served.</summary>
    internal void SetEnabled(string id, bool enabled)
    {
        database.Write(connection => EndpointRows.SetEnabled(connection, id, enabled));
        Changed?.Invoke(id);
    }

    private EndpointInPlace Write(SqliteConnection connection, CatalogEndpoint before, EndpointRequest request)
    {
        var kind = request.Kind ?? before.Kind;
        var endpoint = before with
        {
            Collection = request.Collection ?? "",
            Name = request.Name ?? "",
            // Methods are told apart by case, and all that anybody uses are in upper case.
            Method = request.Method?.ToUpperInvariant(),
            Path = request.Path,
            Description = request.Description ?? "",
            Kind = kind,
            Source = request.Source ?? new EndpointSource(),
            Services = request.Services ?? new Dictionary<string, string>(),
            Limits = request.Limits ?? new(),
            Settings = request.Settings ?? new Dictionary<string, string>(),
        };
        var reasons = new List<string>();
        var collection = CollectionRows.Find(connection, endpoint.Collection);
        if (collection is null)
        {
            reasons.Add(endpoint.Collection.Length == 0 ? "The endpoint needs a 'collection', the id of one." : $"There is no collection '{endpoint.Collection}'.");
        }
        CatalogRules.Check(endpoint, collection ?? new CatalogCollection("", 0, "", "", "", "", [], default), settings, reasons);
        CatalogRevision.Refuse("The endpoint", reasons);
        Unique(connection, endpoint);
        EndpointRows.Put(connection, endpoint);
        return InPlace(connection, endpoint);
    }

    private static void Unique(SqliteConnection connection, CatalogEndpoint endpoint)
    {
        if (EndpointRows.FindName(connection, endpoint.Name) is { } other && other.Id != endpoint.Id)
        {
            throw new ChangeRefusedException(409, $"There is an endpoint '{endpoint.Name}' already ({other.Id}); names are the handlers' too, so each is there once.");
        }
        if (endpoint.Kind != EndpointKinds.Source)
        {
            return;
        }
        var collection = CollectionRows.Find(connection, endpoint.Collection)!;
        var place = new CatalogRoutes.Place(endpoint.Id, collection.Id, endpoint.Name, DomainRows.Find(connection, collection.Domain)!.Host, endpoint.Method!, collection.BasePath + endpoint.Path);
        var reasons = new List<string>();
        CatalogRoutes.Check([place], EndpointRows.Places(connection).Where(known => known.Endpoint != endpoint.Id), reasons);
        if (reasons.Count > 0)
        {
            throw new ChangeRefusedException(409, "The endpoint is there already; nothing was written.", reasons);
        }
    }

    private bool IsDeployed(string handler) => epochs.Current?.Handlers.Any(deployed => deployed.Name == handler) == true;

    private static EndpointInPlace Find(SqliteConnection connection, string id) =>
        InPlace(connection, EndpointRows.Find(connection, id) ?? throw CatalogRevision.Missing("endpoint", id));

    private static EndpointInPlace InPlace(SqliteConnection connection, CatalogEndpoint endpoint)
    {
        var collection = CollectionRows.Find(connection, endpoint.Collection)!;
        return new EndpointInPlace(endpoint, collection, DomainRows.Find(connection, collection.Domain)!);
    }
}
