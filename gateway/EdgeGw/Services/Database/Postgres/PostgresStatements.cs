using Npgsql;

namespace EdgeGw.Services.Database.Postgres;

/// <summary>The statements that one connection knows. Not safe for several threads at once.</summary>
internal sealed class PostgresStatements(NpgsqlConnection connection) : IDisposable
{
    private const int Most = 256;
    // Of one text with parameters of different types; the next one takes the place of all.
    private const int MostVariants = 8;

    private readonly Dictionary<PostgresSql, PostgresStatement> _statements = [];

    /// <summary>The statement, with these values.</summary>
    public NpgsqlCommand Get(PostgresSql sql, ReadOnlySpan<ServiceValue> parameters)
    {
        var last = default(PostgresStatement);
        var count = 0;
        if (_statements.TryGetValue(sql, out var first))
        {
            for (var variant = first; variant is not null; variant = variant.Next)
            {
                if (variant.Fits(parameters))
                {
                    variant.Fill(parameters);
                    return variant.Command;
                }
                (last, count) = (variant, count + 1);
            }
        }
        else if (_statements.Count == Most)
        {
            Dispose();
        }
        if (count == MostVariants)
        {
            first!.Dispose();
            (last, count) = (null, 0);
        }
        var made = new PostgresStatement(connection, sql, parameters, count);
        if (last is null)
        {
            _statements[sql] = made;
        }
        else
        {
            last.Next = made;
        }
        made.Fill(parameters);
        return made.Command;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var statement in _statements.Values)
        {
            statement.Dispose();
        }
        _statements.Clear();
    }
}
