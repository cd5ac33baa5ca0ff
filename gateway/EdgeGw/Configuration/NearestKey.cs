namespace EdgeGw.Configuration;

/// <summary>Finds what was probably meant by a key that does not exist.</summary>
internal static class NearestKey
{
    /// <summary>The known key nearest to <paramref name="unknown"/>: by the whole key, or by its last part alone (<c>DeadlineMs</c> means <c>Limits:DeadlineMs</c>).</summary>
    public static string Find(string unknown, IEnumerable<string> known) => known.MinBy(key => Math.Min(
        Distance(unknown, key),
        1 + Distance(LastPart(unknown), LastPart(key))))!;

    /// <summary>The edits (insert, delete, replace) that turn one text into the other, ignoring case (Levenshtein).</summary>
    public static int Distance(string left, string right)
    {
        var row = new int[right.Length + 1];
        for (var j = 0; j < row.Length; j++)
            row[j] = j;
        for (var i = 1; i <= left.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var cost = char.ToUpperInvariant(left[i - 1]) == char.ToUpperInvariant(right[j - 1]) ? 0 : 1;
                (diagonal, row[j]) = (row[j], Math.Min(diagonal + cost, 1 + Math.Min(row[j], row[j - 1])));
            }
        }
        return row[^1];
    }

    private static string LastPart(string key) => key[(key.LastIndexOf(':') + 1)..];
}
