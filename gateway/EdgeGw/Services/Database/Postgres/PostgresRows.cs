using System.Buffers;
using System.Data;
using EdgeGw.Abi;
using EdgeGw.Interop;
using Npgsql;

namespace EdgeGw.Services.Database.Postgres;

/// <summary>The rows of a statement. Kept with its connection. Npgsql holds the row at hand in its buffer; values go from there to the reply.</summary>
internal sealed class PostgresRows(PostgresConnection connection) : DatabaseRows
{
    private const int ScratchBytes = 8 * 1024;

    private readonly byte[] _scratch = new byte[ScratchBytes];
    private NpgsqlDataReader? _reader;
    private PostgresShape _shape = null!;
    private int[] _lengths = [];
    private bool _finished;

    /// <inheritdoc/>
    protected override ulong Affected => (ulong)Math.Max(0, _reader!.RecordsAffected);

    /// <inheritdoc/>
    protected override long RowSize
    {
        get
        {
            var size = 0L;
            for (var i = 0; i < _shape.Types.Length; i++)
            {
                _lengths[i] = _reader!.IsDBNull(i) ? -1 : (int)_reader.GetBytes(i, 0, null, 0, 0);
                // Items of arrays take a value each, and numbers are longer as text.
                size += 16 + (_lengths[i] <= 8 ? 0 : IsVerbatim(i, out _) ? _lengths[i] : 4L * _lengths[i]);
            }
            return size;
        }
    }

    /// <summary>Begins with an open reader. Throws when its columns are not those of the shape it was asked for with.</summary>
    public void Open(NpgsqlDataReader reader, PostgresSql sql, PostgresShape shape)
    {
        (_reader, _finished) = (reader, false);
        if (!IsOf(reader, shape))
        {
            shape = ShapeOf(reader, shape.AsText);
            sql.Shape = null;
            for (var i = 0; i < shape.Types.Length; i++)
            {
                if (!PostgresColumns.IsKnown(shape.Types[i]) && shape.AsText?.ElementAtOrDefault(i) != true)
                {
                    throw new ServiceException(AbiResult.Refused, "The columns of this statement changed while it ran: run it again.", "0A000");
                }
            }
        }
        _shape = shape;
        if (_lengths.Length < shape.Types.Length)
        {
            _lengths = new int[shape.Types.Length];
        }
    }

    /// <summary>The columns of a reader.</summary>
    public static PostgresShape ShapeOf(NpgsqlDataReader reader, bool[]? asText)
    {
        var types = new uint[reader.FieldCount];
        for (var i = 0; i < types.Length; i++)
        {
            types[i] = reader.GetDataTypeOID(i);
        }
        return new PostgresShape(types, asText);
    }

    /// <inheritdoc/>
    public override void WriteNames(ReplyBuilder reply)
    {
        for (var i = 0; i < _shape.Types.Length; i++)
        {
            reply.Name(_reader!.GetName(i));
        }
    }

    /// <inheritdoc/>
    protected override async ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
    {
        if (_finished)
        {
            return false;
        }
        var token = connection.Watch(cancellationToken);
        try
        {
            if (await _reader!.ReadAsync(token).ConfigureAwait(false))
            {
                return true;
            }
            // To the end of what the server says: a constraint that is checked late fails only now.
            await _reader.NextResultAsync(token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is NpgsqlException or OperationCanceledException)
        {
            connection.Fail();
            throw;
        }
        _finished = true;
        return false;
    }

    /// <inheritdoc/>
    protected override void WriteRow(ReplyBuilder reply)
    {
        for (var i = 0; i < _shape.Types.Length; i++)
        {
            if (_lengths[i] < 0)
            {
                reply.Null();
            }
            else if (IsVerbatim(i, out var skip))
            {
                Copy(i, skip, reply.Room(_shape.AsText?[i] == true ? AbiValueKind.Other : PostgresColumns.KindOf(_shape.Types[i]), _lengths[i] - skip));
            }
            else
            {
                Convert(i, reply);
            }
        }
    }

    /// <inheritdoc/>
    protected override ValueTask EndAsync()
    {
        if (_reader is not { } reader)
        {
            return default;
        }
        _reader = null;
        return connection.EndAsync(reader, _finished);
    }

    private static bool IsOf(NpgsqlDataReader reader, PostgresShape shape)
    {
        if (reader.FieldCount != shape.Types.Length)
        {
            return false;
        }
        for (var i = 0; i < shape.Types.Length; i++)
        {
            if (reader.GetDataTypeOID(i) != shape.Types[i])
            {
                return false;
            }
        }
        return true;
    }

    private bool IsVerbatim(int column, out int skip)
    {
        skip = 0;
        return _shape.AsText?[column] == true || PostgresColumns.IsVerbatim(_shape.Types[column], out skip);
    }

    private void Copy(int column, int from, Span<byte> to)
    {
        while (to.Length > 0)
        {
            var read = (int)_reader!.GetBytes(column, from, _scratch, 0, Math.Min(to.Length, ScratchBytes));
            if (read == 0)
            {
                throw new DataException("A value ended before its length.");
            }
            _scratch.AsSpan(0, read).CopyTo(to);
            from += read;
            to = to[read..];
        }
    }

    private void Convert(int column, ReplyBuilder reply)
    {
        var length = _lengths[column];
        var rented = length > ScratchBytes ? ArrayPool<byte>.Shared.Rent(length) : null;
        try
        {
            var wire = rented ?? _scratch;
            for (var at = 0; at < length;)
            {
                at += (int)_reader!.GetBytes(column, at, wire, at, length - at);
            }
            PostgresColumns.Write(_shape.Types[column], wire.AsSpan(0, length), reply);
        }
        finally
        {
            if (rented is not null)
            {
                ArrayPool<byte>.Shared.Return(rented);
            }
        }
    }
}
