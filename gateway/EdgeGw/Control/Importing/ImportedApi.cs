namespace EdgeGw.Control.Importing;

/// <summary>What an OpenAPI document comes to.</summary>
/// <param name="Title">Its title.</param>
/// <param name="Description">Its description.</param>
/// <param name="BasePath">What its first server puts before every path: empty, or <c>/v1</c>.</param>
/// <param name="Models">The source that every endpoint is compiled with.</param>
/// <param name="Operations">The endpoints, in the document's order.</param>
internal sealed record ImportedApi(string Title, string Description, string BasePath, string Models, IReadOnlyList<ImportedOperation> Operations);

/// <summary>One operation as an endpoint.</summary>
/// <param name="Name">What it is called: unique in the API, letters, digits, '.', '_' and '-'.</param>
/// <param name="Method">The method.</param>
/// <param name="Path">The path's pattern, without the base path.</param>
/// <param name="Description">One line.</param>
/// <param name="Source">The stub.</param>
internal sealed record ImportedOperation(string Name, string Method, string Path, string Description, string Source);
