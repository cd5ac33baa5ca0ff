namespace EdgeGw.Tests.Control;

/// <summary>A folder that goes away with the test. Its path is short: Unix sockets live in it.</summary>
internal sealed class TestFolder : IDisposable
{
    internal string Root { get; } = Directory.CreateTempSubdirectory("edgegw-").FullName;

    internal string this[string name] => Path.Combine(Root, name);

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
