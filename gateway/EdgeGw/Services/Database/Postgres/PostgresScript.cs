using System.Text;

namespace EdgeGw.Services.Database.Postgres;

/// <summary>Takes a file of SQL apart: the server takes one prepared statement at a time.</summary>
internal static class PostgresScript
{
    /// <summary>The statements, without those that are only space and comments. A semicolon in parentheses ends none (rules), nor one in a function's BEGIN ATOMIC … END.</summary>
    public static IEnumerable<ReadOnlyMemory<byte>> Split(ReadOnlyMemory<byte> script)
    {
        while (script.Length > 0)
        {
            var end = End(script.Span, out var isEmpty);
            if (!isEmpty)
            {
                yield return script[..end];
            }
            script = script[Math.Min(end + 1, script.Length)..];
        }
    }

    private static int End(ReadOnlySpan<byte> sql, out bool isEmpty)
    {
        var (at, parentheses, blocks, words) = (0, 0, 0, 0);
        var (isCreate, makesRoutine) = (false, false);
        isEmpty = true;
        while (at < sql.Length)
        {
            var length = PostgresScanner.Token(sql[at..], out var isSpace);
            var token = sql.Slice(at, length);
            if (token is [(byte)';'] && parentheses == 0 && blocks == 0)
            {
                return at;
            }
            at += length;
            if (isSpace)
            {
                continue;
            }
            isEmpty = false;
            parentheses += token is [(byte)'('] ? 1 : token is [(byte)')'] ? -1 : 0;
            words++;
            isCreate |= words == 1 && Is(token, "create"u8);
            // CREATE [OR REPLACE] FUNCTION
            makesRoutine |= isCreate && (words is 2 or 4) && (Is(token, "function"u8) || Is(token, "procedure"u8));
            if (makesRoutine)
            {
                blocks += Is(token, "begin"u8) || (blocks > 0 && Is(token, "case"u8)) ? 1 : blocks > 0 && Is(token, "end"u8) ? -1 : 0;
            }
        }
        return at;
    }

    private static bool Is(ReadOnlySpan<byte> token, ReadOnlySpan<byte> word) => Ascii.EqualsIgnoreCase(token, word);
}
