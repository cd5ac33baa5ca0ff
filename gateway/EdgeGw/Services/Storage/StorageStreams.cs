namespace EdgeGw.Services.Storage;

/// <summary>An upload that a handler has open.</summary>
internal sealed class StorageUpload(ServiceBinding binding, ServiceScope scope, ObjectUpload upload) : ServiceStream(binding, scope)
{
    /// <summary>The object on its way in.</summary>
    public ObjectUpload Upload { get; } = upload;

    /// <inheritdoc/>
    protected override ValueTask CloseAsync() => Upload.DisposeAsync();
}

/// <summary>A download that a handler has open.</summary>
internal sealed class StorageDownload(ServiceBinding binding, ServiceScope scope, ObjectDownload download) : ServiceStream(binding, scope)
{
    /// <summary>The object on its way out.</summary>
    public ObjectDownload Download { get; } = download;

    /// <inheritdoc/>
    protected override ValueTask CloseAsync() => Download.DisposeAsync();
}
