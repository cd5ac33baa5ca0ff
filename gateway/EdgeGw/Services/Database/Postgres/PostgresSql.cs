using System.Text;
using System.Text.Unicode;
using EdgeGw.Abi;

namespace EdgeGw.Services.Database.Postgres;

/// <summary>What the gateway finds out about a statement's text once: the most that the server cannot be asked for without a round trip.</summary>
internal sealed class PostgresSql
{
    /// <summary>Reads a statement. Throws when it is none that a handler may run.</summary>
    public PostgresSql(ReadOnlySpan<byte> sql)
    {
        var (highest, isEmpty) = PostgresScanner.Scan(sql);
        if (isEmpty)
        {
            throw new ServiceException(AbiResult.Refused, "The statement is empty.", "42601");
        }
        if (!Utf8.IsValid(sql))
        {
            throw new ServiceException(AbiResult.Refused, "The statement is no valid UTF-8.", "22021");
        }
        Text = Encoding.UTF8.GetString(sql);
        if (PostgresScanner.ControlsTransaction(sql))
        {
            throw new ServiceException(AbiResult.Refused, "Transactions are begun, committed and rolled back by the calls for it, not by SQL.", "2D000");
        }
        Parameters = highest;
        LeavesTraces = !PostgresScanner.IsPlain(sql) || PostgresScanner.CallsLasting(Text);
    }

    /// <summary>The statement.</summary>
    public string Text { get; }

    /// <summary>The highest n of its $n.</summary>
    public int Parameters { get; }

    /// <summary>Whether it may change its session for those who come after: settings, advisory locks, temporary tables, an open transaction.</summary>
    public bool LeavesTraces { get; }

    /// <summary>Its columns, once they are known: which of them must be asked for as text.</summary>
    public PostgresShape? Shape { get; set; }

    /// <summary>That not as many values were given as it has parameters.</summary>
    public ServiceException WrongCount(int given) => new(AbiResult.Refused, $"The statement has {Parameters} parameters and {given} were given.", "08P01");
}

/// <summary>A statement's columns as the server described them. Immutable.</summary>
/// <param name="Types">Their types' OIDs.</param>
/// <param name="AsText">Which of them the gateway cannot read in binary form; null for none.</param>
internal sealed record PostgresShape(uint[] Types, bool[]? AsText);
