namespace EdgeGw.Control.Compiling.Sources;

/// <summary>What is compiled into one handler library. Checked by <see cref="SourceRules"/> before anything is made of it.</summary>
/// <param name="Name">The handler's name, for the manifest.</param>
/// <param name="Method">The method of a [Handler] that names none.</param>
/// <param name="Path">The path of a [Handler] that names none.</param>
/// <param name="Files">The author's files.</param>
/// <param name="Shared">Files of the collection; messages name them <c>shared/NAME</c>.</param>
/// <param name="Packages">NuGet packages, each in one version.</param>
internal sealed record SourceInput(
    string Name, string Method, string Path, IReadOnlyList<InputFile> Files, IReadOnlyList<InputFile> Shared, IReadOnlyList<InputPackage> Packages)
{
    /// <summary>What messages call a shared file.</summary>
    internal const string SharedFolder = "shared/";

    /// <summary>Every file by the name that messages use.</summary>
    internal IEnumerable<InputFile> All => Files.Concat(Shared.Select(file => file with { Name = SharedFolder + file.Name }));
}

/// <summary>One C# file; its name is relative, with '/' between folders.</summary>
internal sealed record InputFile(string Name, string Text);

/// <summary>A NuGet package in one exact version.</summary>
internal sealed record InputPackage(string Id, string Version);
