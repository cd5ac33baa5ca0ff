namespace EdgeGw.Services.Database.Sqlite;

/// <summary>Makes <c>?1</c> of every <c>$1</c> that is a parameter: SQLite would read on over <c>::</c> and <c>(</c> and number it by its name. Both have one length.</summary>
internal static class SqlitePlaceholders
{
    /// <summary>Changes a statement in place.</summary>
    public static void Translate(Span<byte> sql)
    {
        for (var at = 0; at < sql.Length;)
        {
            at += sql[at] switch
            {
                (byte)'\'' or (byte)'"' or (byte)'`' => Quoted(sql[at..], sql[at]),
                (byte)'[' => Until(sql[at..], 1, "]"u8),
                (byte)'-' when sql[at..].StartsWith("--"u8) => Until(sql[at..], 2, "\n"u8),
                (byte)'/' when sql[at..].StartsWith("/*"u8) => Until(sql[at..], 2, "*/"u8),
                (byte)'$' => Dollar(sql[at..]),
                var other when IsWord(other) => Word(sql[at..]),
                _ => 1,
            };
        }
    }

    // A doubled quote ends one piece and begins the next: the same as going on.
    private static int Quoted(Span<byte> sql, byte quote)
    {
        var end = sql[1..].IndexOf(quote);
        return end < 0 ? sql.Length : end + 2;
    }

    private static int Until(Span<byte> sql, int from, ReadOnlySpan<byte> end)
    {
        var at = sql[from..].IndexOf(end);
        return at < 0 ? sql.Length : from + at + end.Length;
    }

    private static int Dollar(Span<byte> sql)
    {
        var digits = sql[1..].IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        digits = digits < 0 ? sql.Length - 1 : digits;
        if (digits > 0)
        {
            if (1 + digits == sql.Length || !IsWord(sql[1 + digits]))
            {
                sql[0] = (byte)'?';
            }
            return 1 + Word(sql[1..]);
        }
        // $$text$$ or $tag$text$tag$: not SQLite's, but what is in it is text.
        var tag = Tag(sql);
        return tag == 0 ? 1 + Word(sql[1..]) : Until(sql, tag, sql[..tag]);
    }

    private static int Tag(Span<byte> sql)
    {
        var at = 1;
        while (at < sql.Length && sql[at] != '$' && IsWord(sql[at]))
        {
            at++;
        }
        return at < sql.Length && sql[at] == '$' ? at + 1 : 0;
    }

    private static int Word(Span<byte> sql)
    {
        var at = 0;
        while (at < sql.Length && IsWord(sql[at]))
        {
            at++;
        }
        return at;
    }

    // What SQLite takes for a character of an identifier, the dollar sign included.
    private static bool IsWord(byte c) => c is >= (byte)'0' and <= (byte)'9' or >= (byte)'a' and <= (byte)'z' or >= (byte)'A' and <= (byte)'Z' or (byte)'_' or (byte)'$' or >= 0x80;
}
