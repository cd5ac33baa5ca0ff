using System.Buffers.Text;
using System.Text;
using System.Text.RegularExpressions;

namespace EdgeGw.Services.Database.Postgres;

/// <summary>Finds the parameters in a statement's text, past strings, comments and names (PostgreSQL 15, 4.1 Lexical Structure).</summary>
internal static partial class PostgresScanner
{
    // Of those that say what kind of statement it is.
    private const int LongestWord = 16;

    /// <summary>The highest number of a parameter, and whether there is nothing but space and comments.</summary>
    public static (int Highest, bool IsEmpty) Scan(ReadOnlySpan<byte> sql)
    {
        var highest = 0;
        var isEmpty = true;
        while (sql.Length > 0)
        {
            var length = Token(sql, out var isSpace);
            isEmpty &= isSpace || sql[0] == ';';
            if (!isSpace && sql[0] == '$' && Utf8Parser.TryParse(sql[1..length], out int number, out var used) && used == length - 1)
            {
                highest = Math.Max(highest, number);
            }
            sql = sql[length..];
        }
        return (highest, isEmpty);
    }

    /// <summary>How many bytes the first token takes: a word, a string, a comment, a parameter, or one other character.</summary>
    public static int Token(ReadOnlySpan<byte> sql, out bool isSpace)
    {
        var length = Space(sql);
        isSpace = length > 0;
        return isSpace ? length : sql[0] switch
        {
            (byte)'\'' => Quoted(sql, '\'', escapes: false),
            (byte)'"' => Quoted(sql, '"', escapes: false),
            (byte)'E' or (byte)'e' when sql.Length > 1 && sql[1] == '\'' => 1 + Quoted(sql[1..], '\'', escapes: true),
            (byte)'$' => Dollar(sql),
            _ => Math.Max(Word(sql), 1),
        };
    }

    /// <summary>Whether a statement begins or ends a transaction.</summary>
    public static bool ControlsTransaction(ReadOnlySpan<byte> sql)
    {
        switch (NextWord(ref sql, ";"u8))
        {
            case "begin" or "commit" or "end" or "abort":
                return true;
            case "start" or "prepare":
                // PREPARE of a statement is something else.
                return NextWord(ref sql, ""u8) == "transaction";
            case "rollback":
                // ROLLBACK TO a savepoint, too.
                var next = NextWord(ref sql, ""u8);
                return (next is "work" or "transaction" ? NextWord(ref sql, ""u8) : next) != "to";
            default:
                return false;
        }
    }

    /// <summary>Whether a statement reads or writes rows. What does neither may leave traces in its session.</summary>
    public static bool IsPlain(ReadOnlySpan<byte> sql) => NextWord(ref sql, ";("u8) is "select" or "insert" or "update" or "delete" or "merge" or "values" or "with" or "table";

    /// <summary>Whether a statement's text names something that lasts in its session.</summary>
    public static bool CallsLasting(string sql) => Lasting().IsMatch(sql);

    // SELECT INTO TEMP makes a table, too.
    [GeneratedRegex(@"set_config|advisory|setseed|dblink|\btemp(orary)?\b|\blo_", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.Singleline)]
    private static partial Regex Lasting();

    // The next token past space, comments and the characters to skip, in lower case.
    private static string NextWord(ref ReadOnlySpan<byte> sql, ReadOnlySpan<byte> skipped)
    {
        while (sql.Length > 0)
        {
            var length = Token(sql, out var isSpace);
            var token = sql[..length];
            sql = sql[length..];
            if (!isSpace && !skipped.Contains(token[0]))
            {
                return length <= LongestWord ? Encoding.ASCII.GetString(token).ToLowerInvariant() : "";
            }
        }
        return "";
    }

    private static int Space(ReadOnlySpan<byte> sql)
    {
        if (sql[0] is (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r' or (byte)'\f' or (byte)'\v')
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

    private static int Dollar(ReadOnlySpan<byte> sql)
    {
        var digits = sql[1..].IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        if (digits != 0)
        {
            return digits < 0 ? sql.Length : 1 + digits;
        }
        var at = 1;
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
