using System.Text.RegularExpressions;

namespace EdgeGw.Services.Database.Postgres;

/// <summary>Finds the parameters in a statement's text, past strings, comments and names (PostgreSQL 15, 4.1 Lexical Structure).</summary>
internal static partial class PostgresScanner
{
    /// <summary>The highest number of a parameter, and whether there is nothing but space and comments.</summary>
    public static (int Highest, bool IsEmpty) Scan(ReadOnlySpan<byte> sql)
    {
        var highest = 0;
        var isEmpty = true;
        for (var at = 0; at < sql.Length;)
        {
            var rest = sql[at..];
            var length = Space(rest);
            if (length == 0)
            {
                isEmpty &= rest[0] == ';';
                length = rest[0] switch
                {
                    (byte)'\'' => Quoted(rest, '\'', escapes: false),
                    (byte)'"' => Quoted(rest, '"', escapes: false),
                    (byte)'E' or (byte)'e' when rest.Length > 1 && rest[1] == '\'' => 1 + Quoted(rest[1..], '\'', escapes: true),
                    (byte)'$' => Dollar(rest, ref highest),
                    _ => Math.Max(Word(rest), 1),
                };
            }
            at += length;
        }
        return (highest, isEmpty);
    }

    /// <summary>Whether a statement may leave traces in its session. What neither reads nor writes rows may; of the rest, what calls the functions that do.</summary>
    public static bool LeavesTraces(string sql) => !Plain().IsMatch(sql) || Lasting().IsMatch(sql);

    [GeneratedRegex(@"^[\s(]*(select|insert|update|delete|merge|values|with|table)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Plain();

    // SELECT INTO TEMP makes a table, too.
    [GeneratedRegex("set_config|advisory|setseed|dblink|\\btemp|lo_", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Lasting();

    private static int Space(ReadOnlySpan<byte> sql)
    {
        if (sql[0] is (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r' or (byte)'\f')
        {
            return 1;
        }
        if (sql.StartsWith("--"u8))
        {
            var end = sql.IndexOfAny((byte)'\n', (byte)'\r');
            return end < 0 ? sql.Length : end + 1;
        }
        return sql.StartsWith("/*"u8) ? Comment(sql) : 0;
    }

    // Comments nest.
    private static int Comment(ReadOnlySpan<byte> sql)
    {
        var depth = 0;
        for (var at = 0; at + 1 < sql.Length; at++)
        {
            if (sql[at] == '/' && sql[at + 1] == '*')
            {
                (depth, at) = (depth + 1, at + 1);
            }
            else if (sql[at] == '*' && sql[at + 1] == '/')
            {
                (depth, at) = (depth - 1, at + 1);
                if (depth == 0)
                {
                    return at + 1;
                }
            }
        }
        return sql.Length;
    }

    // A doubled quote ends one piece and begins the next: the same as going on.
    private static int Quoted(ReadOnlySpan<byte> sql, char quote, bool escapes)
    {
        for (var at = 1; at < sql.Length; at++)
        {
            if (sql[at] == quote)
            {
                return at + 1;
            }
            if (escapes && sql[at] == '\\')
            {
                at++;
            }
        }
        return sql.Length;
    }

    private static int Dollar(ReadOnlySpan<byte> sql, ref int highest)
    {
        var at = 1;
        var number = 0;
        while (at < sql.Length && sql[at] is >= (byte)'0' and <= (byte)'9')
        {
            number = Math.Min((number * 10) + sql[at++] - '0', 1_000_000);
        }
        if (at > 1)
        {
            highest = Math.Max(highest, number);
            return at;
        }
        // $$text$$ or $tag$text$tag$.
        while (at < sql.Length && sql[at] != '$' && IsWord(sql[at]))
        {
            at++;
        }
        if (at == sql.Length || sql[at] != '$')
        {
            return 1;
        }
        var tag = sql[..(at + 1)];
        var end = sql[tag.Length..].IndexOf(tag);
        return end < 0 ? sql.Length : end + (2 * tag.Length);
    }

    private static int Word(ReadOnlySpan<byte> sql)
    {
        var at = 0;
        while (at < sql.Length && IsWord(sql[at]))
        {
            at++;
        }
        return at;
    }

    private static bool IsWord(byte c) => c is >= (byte)'0' and <= (byte)'9' or >= (byte)'a' and <= (byte)'z' or >= (byte)'A' and <= (byte)'Z' or (byte)'_' or (byte)'$' or >= 0x80;
}
