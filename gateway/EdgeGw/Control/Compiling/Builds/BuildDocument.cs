namespace EdgeGw.Control.Compiling.Builds;

/// <summary>A build as docs/admin-api.md shows it, member for member.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Endpoint">The endpoint's id; null for a check.</param>
/// <param name="State">One of <see cref="BuildStates"/>.</param>
/// <param name="Phase">What runs now.</param>
/// <param name="Phases">What was done, each with its milliseconds.</param>
/// <param name="Diagnostics">What the compilers said, errors first.</param>
/// <param name="Sha256">Of the library.</param>
/// <param name="Bytes">Of the library.</param>
/// <param name="Cached">Whether the same content was compiled before.</param>
/// <param name="Deployment">The deploy's number in the log of deployments; null without one.</param>
/// <param name="Created">When it was asked for.</param>
internal sealed record BuildDocument(
    string Id, string? Endpoint, string State, string? Phase, IReadOnlyList<BuildPhase> Phases, IReadOnlyList<BuildDiagnostic> Diagnostics, string? Sha256, long Bytes, bool Cached,
    long? Deployment, DateTimeOffset Created);
