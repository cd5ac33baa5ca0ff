using EdgeGw.Control.Epochs;

namespace EdgeGw.Tests.Control;

/// <summary>Tests on a store of epochs in a folder of their own.</summary>
public abstract class StoredEpochs
{
    internal TestFolder Folder { get; private set; } = null!;

    internal EpochStore Store { get; private set; } = null!;

    [SetUp]
    public void Open()
    {
        Folder = new TestFolder();
        Store = EpochSamples.Open(Folder);
    }

    [TearDown]
    public void Remove() => Folder.Dispose();
}
