using EdgeGw.Bundles;
using EdgeGw.Cli.Publish;

namespace EdgeGw.Cli.Bundles;

/// <summary>Packs what is sent of a bundle: its document, the variables that it uses, and the libraries that it names, those of its projects built on the spot.</summary>
internal static class BundleArchive
{
    /// <summary>Packs a bundle of a document, a folder or an archive into a file. Throws <see cref="CliException"/>.</summary>
    public static async Task PackAsync(string path, string target, string work, string runtime, string configuration, CliHost host, CancellationToken cancel)
    {
        try
        {
            using var files = Open(path);
            var bundle = files.Read(host.Environment.GetValueOrDefault, out var variables);
            await using var file = new FileStream(target, FileMode.CreateNew, FileAccess.ReadWrite);
            using var packer = new BundlePacker(file);
            await using (var document = files.Open(files.Document))
                await packer.AddAsync(Bundle.File, document, cancel);
            if (variables.Count > 0)
                await packer.AddAsync(Bundle.VariablesFile, BundleFiles.WriteVariables(variables), cancel);
            foreach (var name in bundle.Files)
            {
                await using var content = files.Open(name);
                await packer.AddAsync(name, content, cancel);
            }
            foreach (var handler in bundle.Handlers.Where(handler => handler is { Project: not null, Library: null }))
            {
                var library = await PublishAsync(files, handler, Path.Combine(work, handler.Options.Name!), runtime, configuration, host, cancel);
                await using var content = File.OpenRead(library);
                await packer.AddAsync(Bundle.BuiltLibrary(handler.Options.Name!), content, cancel);
            }
        }
        catch (BundleRefusedException e)
        {
            throw new CliException(ExitCode.Failed, e.Message, e.Reasons);
        }
    }

    private static IBundleFiles Open(string path)
    {
        if (Directory.Exists(path))
            return new BundleFolder(Path.Combine(path, Bundle.File));
        if (!File.Exists(path))
            throw new CliException(ExitCode.Failed, $"there is no file or folder {path}");
        try
        {
            return Path.GetExtension(path).Equals(".zip", StringComparison.OrdinalIgnoreCase) ? BundleZip.Open(File.OpenRead(path), path, BundleBounds.Local) : new BundleFolder(path);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new CliException(ExitCode.Failed, $"{path} cannot be read: {e.Message}");
        }
    }

    private static async Task<string> PublishAsync(IBundleFiles files, BundleHandler handler, string output, string runtime, string configuration, CliHost host, CancellationToken cancel)
    {
        if (files is not BundleFolder folder)
            throw new CliException(ExitCode.Failed, $"the project of {handler.Options.Name} cannot be built in an archive: unpack it, and apply the folder");
        var place = folder.PathOf(handler.Project!);
        var project = ProjectPublisher.FindProject(place);
        if (project is null || !File.Exists(project))
            throw new CliException(ExitCode.Failed, $"there is no project {place}, which is to be the handler {handler.Options.Name}");
        Directory.CreateDirectory(output);
        return await ProjectPublisher.PublishAsync(project, runtime, configuration, output, host, cancel);
    }
}
