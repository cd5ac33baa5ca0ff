using System.Text;
using EdgeGw.Services.Database.Postgres;
using EdgeGw.Services.Database.Sqlite;

namespace EdgeGw.Fuzz.Targets;

/// <summary>SQL as handlers and migrations write it: tokens that cover the text, statements that are parts of the script, and placeholders that change nothing but a dollar sign.</summary>
internal static class SqlTarget
{
    internal static void Run(byte[] input)
    {
        var (highest, isEmpty) = PostgresScanner.Scan(input);
        FuzzFindingException.ThrowUnless(highest >= 0, "a parameter below zero");
        for (var rest = input.AsSpan(); rest.Length > 0;)
        {
            var length = PostgresScanner.Token(rest, out _);
            FuzzFindingException.ThrowUnless(length > 0 && length <= rest.Length, "a token that is none");
            rest = rest[length..];
        }
        _ = PostgresScanner.ControlsTransaction(input);
        _ = PostgresScanner.IsPlain(input);
        Statement(input, highest, isEmpty);
        var at = 0;
        foreach (var statement in PostgresScript.Split(input))
        {
            var found = input.AsSpan(at).IndexOf(statement.Span);
            FuzzFindingException.ThrowUnless(statement.Length > 0 && found >= 0, "a statement that is not in the script");
            at += found + statement.Length;
        }
        var translated = input.ToArray();
        SqlitePlaceholders.Translate(translated);
        for (var i = 0; i < input.Length; i++)
        {
            FuzzFindingException.ThrowUnless(translated[i] == input[i] || (input[i] == '$' && translated[i] == '?'), "more than a dollar sign was changed");
        }
        var twice = translated.ToArray();
        SqlitePlaceholders.Translate(twice);
        FuzzFindingException.ThrowUnless(twice.AsSpan().SequenceEqual(translated), "a second translation changes something");
    }

    private static void Statement(byte[] sql, int highest, bool isEmpty)
    {
        try
        {
            var statement = new PostgresSql(sql);
            FuzzFindingException.ThrowUnless(!isEmpty && statement.Parameters == highest && Encoding.UTF8.GetBytes(statement.Text).AsSpan().SequenceEqual(sql), "another statement than was given");
        }
        catch (EdgeGw.Services.ServiceException)
        {
            // Refused with a sentence.
        }
    }
}
