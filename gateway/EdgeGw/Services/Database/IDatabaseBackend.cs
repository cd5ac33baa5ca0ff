namespace EdgeGw.Services.Database;

/// <summary>An SQL database.</summary>
internal interface IDatabaseBackend : IServiceBackend
{
    /// <summary>The most bytes that the values of one row may have.</summary>
    long MaxRowBytes { get; }

    /// <summary>A connection for one call or one session; it must be given back by <see cref="DatabaseConnection.ReturnAsync"/>.</summary>
    ValueTask<DatabaseConnection> RentAsync(CancellationToken cancellationToken);
}
