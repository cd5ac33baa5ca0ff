namespace EdgeGw.Services.Storage.S3;

/// <summary>One answer to "list": as many of the server's pages as it takes, since what comes at or before the key to begin after is left out here.</summary>
internal sealed class S3List(S3Client client, string prefix, string delimiter, string after, int limit)
{
    private const string Highest = "\U0010FFFF";

    /// <summary>Reads it.</summary>
    public async ValueTask<IReadOnlyList<ObjectFacts>> ReadAsync(CancellationToken cancellationToken)
    {
        var rows = new List<ObjectFacts>(Math.Min(limit, 1000));
        var next = "";
        do
        {
            (var page, next) = await client.ListAsync(prefix, delimiter, Start(), next, limit - rows.Count, cancellationToken).ConfigureAwait(false);
            rows.AddRange(page.Where(row => after.Length == 0 || KeyOrder.Compare(row.Key, after) > 0).OrderBy(row => row.Key, KeyOrder.Instance));
        }
        while (rows.Count < limit && next.Length > 0);
        return rows;
    }

    // After a rolled-up prefix come the keys after all those that it stands for; servers would begin with the first of them, and roll it up again.
    private string Start() =>
        delimiter.Length > 0 && after.Length > prefix.Length && after.EndsWith(delimiter, StringComparison.Ordinal) && after.StartsWith(prefix, StringComparison.Ordinal) ? after + Highest : after;
}
