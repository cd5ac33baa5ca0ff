using System.Security.Cryptography;
using System.Text;
using EdgeGw.Bundles;
using EdgeGw.Control.Artifacts;
using EdgeGw.Control.Catalog;
using EdgeGw.Control.Changes;
using EdgeGw.Control.Data;
using EdgeGw.Control.Epochs;

namespace EdgeGw.Control.Bundles;

/// <summary>Writes what is deployed, and the catalog, as a bundle: the same state gives the same bytes.</summary>
internal sealed class BundleExport(EpochStore epochs, ArtifactStore artifacts, ControlDatabase database, BundleSpool spool)
{
    /// <summary>The archive, at its beginning. Throws <see cref="ChangeRefusedException"/> when a library is missing or damaged.</summary>
    internal async Task<FileStream> WriteAsync(CancellationToken cancellation)
    {
        var epoch = epochs.Current;
        var catalog = Catalog();
        var file = spool.Create();
        try
        {
            using (var packer = new BundlePacker(file))
            {
                await packer.AddAsync(Bundle.File, BundleDocument.Of(epoch, catalog), cancellation);
                foreach (var (name, text) in catalog.Files.OrderBy(source => source.File, StringComparer.Ordinal))
                {
                    await packer.AddAsync(name, Encoding.UTF8.GetBytes(text), cancellation);
                }
                foreach (var handler in (epoch?.Handlers ?? []).OrderBy(handler => handler.Name, StringComparer.Ordinal))
                {
                    var path = artifacts.PathOf(handler.Sha256, handler.File);
                    await using var library = File.OpenRead(path);
                    if (Convert.ToHexStringLower(await SHA256.HashDataAsync(library, cancellation)) != handler.Sha256)
                    {
                        throw new ChangeRefusedException(500, $"The library of {handler.Name} {handler.Version} was changed on the disk: deploy it again.");
                    }
                    library.Position = 0;
                    await packer.AddAsync(BundleDocument.LibraryOf(handler), library, cancellation);
                }
            }
            file.Position = 0;
            return file;
        }
        catch (Exception e)
        {
            await file.DisposeAsync();
            if (e is IOException or UnauthorizedAccessException)
            {
                throw new ChangeRefusedException(507, $"The bundle cannot be written: {Storage.Files.Reason(e)}.");
            }
            throw;
        }
    }

    private BundleCatalogDocument Catalog() => !database.Exists ? new([], [], []) : database.Read(connection =>
    {
        var collections = CollectionRows.All(connection);
        return new BundleCatalogDocument(DomainRows.All(connection), collections, [.. collections.SelectMany(collection => EndpointRows.Of(connection, collection.Id))]);
    });
}
