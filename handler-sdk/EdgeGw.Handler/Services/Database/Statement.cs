namespace EdgeGw;

/// <summary>A statement of a batch: <c>new Statement("INSERT INTO t VALUES ($1)", 1)</c>.</summary>
public readonly struct Statement
{
    private readonly DbValue[] _parameters;

    /// <param name="sql">The statement; $1 is the first parameter.</param>
    /// <param name="parameters">Its parameters.</param>
    public Statement(string sql, params DbValue[] parameters)
    {
        Sql = sql;
        _parameters = parameters;
    }

    /// <summary>The statement.</summary>
    public string Sql { get; }

    internal ReadOnlySpan<DbValue> Parameters => _parameters;
}
