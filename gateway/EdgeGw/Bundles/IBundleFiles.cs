namespace EdgeGw.Bundles;

/// <summary>The files of a bundle, wherever they are. For one thread at a time.</summary>
internal interface IBundleFiles : IDisposable
{
    /// <summary>What the bundle is called in sentences.</summary>
    string Origin { get; }

    /// <summary>What its document is called.</summary>
    string Document { get; }

    /// <summary>Whether there is a file.</summary>
    bool Has(string name);

    /// <summary>A file's bytes, in order, once. Throws <see cref="BundleRefusedException"/> for one that cannot be read, also while it is read.</summary>
    Stream Open(string name);
}
