using EdgeGw.Abi;
using Npgsql;
using NpgsqlTypes;

namespace EdgeGw.Services.Database.Postgres;

/// <summary>A statement on one connection with parameters of certain types. Kept, so that running it again makes no object and finds what Npgsql has prepared.</summary>
internal sealed class PostgresStatement : IDisposable
{
    private readonly NpgsqlDbType[] _types;
    private readonly NpgsqlParameter[] _values;
    private readonly NpgsqlParameter?[] _nulls;

    /// <summary>Makes one for values of the types of these.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="sql">The statement.</param>
    /// <param name="parameters">As many values as it has parameters.</param>
    /// <param name="number">Tells statements of the same text apart: Npgsql would run all but the first one unprepared.</param>
    public PostgresStatement(NpgsqlConnection connection, PostgresSql sql, ReadOnlySpan<ServiceValue> parameters, int number)
    {
        Command = new NpgsqlCommand(sql.Text + new string('\n', number), connection);
        _types = new NpgsqlDbType[parameters.Length];
        _values = new NpgsqlParameter[parameters.Length];
        _nulls = new NpgsqlParameter?[parameters.Length];
        for (var i = 0; i < parameters.Length; i++)
        {
            _types[i] = PostgresParameters.TypeOf(parameters[i]);
            _values[i] = PostgresParameters.Create(_types[i]);
            Command.Parameters.Add(_values[i]);
        }
    }

    /// <summary>The statement for Npgsql.</summary>
    public NpgsqlCommand Command { get; }

    /// <summary>The next one with the same text.</summary>
    public PostgresStatement? Next { get; set; }

    /// <summary>Whether values can be its parameters: NULL can be any.</summary>
    public bool Fits(ReadOnlySpan<ServiceValue> parameters)
    {
        for (var i = 0; i < _types.Length; i++)
        {
            if (parameters[i].Kind != AbiValueKind.Null && PostgresParameters.TypeOf(parameters[i]) != _types[i])
            {
                return false;
            }
        }
        return true;
    }

    /// <summary>Takes values that fit.</summary>
    public void Fill(ReadOnlySpan<ServiceValue> parameters)
    {
        for (var i = 0; i < _types.Length; i++)
        {
            var parameter = _values[i];
            if (parameters[i].Kind == AbiValueKind.Null)
            {
                parameter = _nulls[i] ??= PostgresParameters.CreateNull(_types[i]);
            }
            else
            {
                PostgresParameters.Fill(parameter, parameters[i]);
            }
            if (!ReferenceEquals(Command.Parameters[i], parameter))
            {
                Command.Parameters[i] = parameter;
            }
        }
    }

    /// <summary>One statement of a batch, not kept.</summary>
    public static NpgsqlBatchCommand ForBatch(PostgresSql sql, ReadOnlySpan<ServiceValue> parameters)
    {
        if (parameters.Length != sql.Parameters)
        {
            throw sql.WrongCount(parameters.Length);
        }
        var command = new NpgsqlBatchCommand(sql.Text);
        foreach (ref readonly var value in parameters)
        {
            var type = PostgresParameters.TypeOf(value);
            if (value.Kind == AbiValueKind.Null)
            {
                command.Parameters.Add(PostgresParameters.CreateNull(type));
                continue;
            }
            var parameter = PostgresParameters.Create(type);
            PostgresParameters.Fill(parameter, value);
            command.Parameters.Add(parameter);
        }
        return command;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        for (var statement = this; statement is not null; statement = statement.Next)
        {
            statement.Command.Dispose();
        }
    }
}
