using EdgeGw.Control.Catalog;

namespace EdgeGw.Control.Changes;

/// <summary>Where a library that is deployed comes from.</summary>
/// <param name="Endpoint">The endpoint's id.</param>
/// <param name="Build">The build.</param>
/// <param name="Source">What was compiled.</param>
internal sealed record LibraryOrigin(string Endpoint, string? Build, SourceSnapshot? Source);
