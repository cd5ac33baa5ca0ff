using System.Text;
using CsCheck;
using EdgeGw.Services.Database.Sqlite;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace EdgeGw.Services.Tests.Database;

/// <summary>What is a parameter in SQL and what only looks like one.</summary>
[TestFixture]
internal sealed class SqlitePlaceholdersTests
{
    [TestCase("select $1", "select ?1")]
    [TestCase("$12+$3", "?12+?3")]
    [TestCase("($1)", "(?1)")]
    [TestCase("a->$1", "a->?1")]
    [TestCase("$1::text", "?1::text")]
    [TestCase("$1(x)", "?1(x)")]
    [TestCase("'$1' $2", "'$1' ?2")]
    [TestCase("'it''s $1' $2", "'it''s $1' ?2")]
    [TestCase("\"a$1\"\"$1\" $2", "\"a$1\"\"$1\" ?2")]
    [TestCase("`$1` [$1] $2", "`$1` [$1] ?2")]
    [TestCase("x'00' $1", "x'00' ?1")]
    [TestCase("-- $1\n$2", "-- $1\n?2")]
    [TestCase("/* $1 */$2", "/* $1 */?2")]
    [TestCase("/*/ $1 */$2", "/*/ $1 */?2")]
    [TestCase("/* '$1 */ $2 '", "/* '$1 */ ?2 '")]
    [TestCase("a$1 $2", "a$1 ?2")]
    [TestCase("é$1 $2", "é$1 ?2")]
    [TestCase("$1a $name $2", "$1a $name ?2")]
    [TestCase("$$ $1 $$ $t$ $1 $$ $t$ $2", "$$ $1 $$ $t$ $1 $$ $t$ ?2")]
    [TestCase("-$1 - -$2 / $3 * $4", "-?1 - -?2 / ?3 * ?4")]
    [TestCase("'open $1", "'open $1")]
    [TestCase("/* open $1", "/* open $1")]
    [TestCase("$", "$")]
    public void Parameters_are_found_and_nothing_else(string sql, string expected) => Assert.That(Translated(sql), Is.EqualTo(expected));

    [Test]
    public void Whatever_the_text_only_dollar_signs_before_digits_change() =>
        Gen.OneOf(Gen.Byte.Array[0, 200], Gen.OneOf("$1", "$", "'", "\"", "`", "[", "]", "--", "\n", "/*", "*/", "a", "1", "é", "\0", " ", "$x$").Array[0, 60].Select(parts => Encoding.UTF8.GetBytes(string.Concat(parts))))
            .Sample(sql =>
            {
                var translated = sql.ToArray();
                SqlitePlaceholders.Translate(translated);
                for (var i = 0; i < sql.Length; i++)
                {
                    if (sql[i] != translated[i] && (sql[i] != '$' || translated[i] != '?' || i + 1 == sql.Length || !char.IsAsciiDigit((char)sql[i + 1])))
                    {
                        return false;
                    }
                }
                var again = translated.ToArray();
                SqlitePlaceholders.Translate(again);
                return again.AsSpan().SequenceEqual(translated);
            }, iter: 20_000);

    [Test]
    public void Sqlite_itself_sees_the_same_text_and_the_same_parameters()
    {
        using var connection = new SqliteConnection("Data Source=:memory:");
        connection.Open();
        // What stands in a select list, and what SQLite must make of it when $1 is 'one' and $2 is 'two'.
        var noise = Gen.OneOf("$1", "$2", "--", "/*", "*/", "\n", " ", "a", "[", "]", "\"", "'", "`", "$$", "é", "?").Array[0, 8].Select(string.Concat);
        var term = Gen.OneOf(
            noise.Select(text => ($"'{text.Replace("'", "''", StringComparison.Ordinal)}'", text)),
            Gen.Const(("$1", "one")),
            Gen.Const(("$2", "two")),
            Gen.Const(("$1||$2", "onetwo")));
        var gap = Gen.OneOf(
            Gen.OneOf(" ", "\n", ""),
            noise.Select(text => $"/*{text.Replace("*/", "", StringComparison.Ordinal)} */"),
            noise.Select(text => $"--{text.Replace("\n", "", StringComparison.Ordinal)}\n"));
        var alias = noise.Select(text => $" as \"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"");
        Gen.Select(gap, term, gap, alias, gap).Array[1, 6].Sample(columns =>
        {
            var sql = "select" + string.Join(',', columns.Select(column => $" {column.Item1}{column.Item2.Item1}{column.Item3}{column.Item4}{column.Item5}"));
            Assert.That(raw.sqlite3_prepare_v2(connection.Handle, Translated(sql), out var statement), Is.EqualTo(raw.SQLITE_OK), sql);
            using (statement)
            {
                for (var i = 1; i <= raw.sqlite3_bind_parameter_count(statement); i++)
                {
                    raw.sqlite3_bind_text(statement, i, i == 1 ? "one" : "two");
                }
                return raw.sqlite3_step(statement) == raw.SQLITE_ROW && columns.Select((column, i) => raw.sqlite3_column_text(statement, i).utf8_to_string() == column.Item2.Item2).All(same => same);
            }
        }, iter: 2_000, threads: 1);
    }

    private static string Translated(string sql)
    {
        var bytes = Encoding.UTF8.GetBytes(sql);
        SqlitePlaceholders.Translate(bytes);
        return Encoding.UTF8.GetString(bytes);
    }
}
