extern alias Sdk;

using System.Runtime.InteropServices;
using System.Text;
using EdgeGw.Interop;
using Sdk::EdgeGw;
using Sdk::EdgeGw.Interop;

namespace EdgeGw.Bench;

/// <summary>A result on its way from the gateway into a handler: written by the gateway's builder, sent through the callback, read by the SDK into records.</summary>
internal sealed unsafe class RowCrossing : IDisposable
{
    private readonly ReplyBuilder _reply = new();
    private readonly (byte[] Name, byte[] Kind, byte[] Owner)[] _texts;
    private readonly Order[] _rows;
    private readonly ReadingCall _call = new();
    private GCHandle _self;

    /// <summary>Takes the rows; their texts in UTF-8, as a database's client library has them.</summary>
    public RowCrossing(Order[] rows)
    {
        _rows = rows;
        _texts = Array.ConvertAll(rows, row => (Encoding.UTF8.GetBytes(row.Name), Encoding.UTF8.GetBytes(row.Kind), Encoding.UTF8.GetBytes(row.Owner)));
        _self = GCHandle.Alloc(_call);
    }

    /// <summary>Brings all rows across.</summary>
    public List<Order> Cross()
    {
        foreach (var name in Order.Columns)
        {
            _reply.Name(name);
        }
        for (var i = 0; i < _rows.Length; i++)
        {
            Write(_rows[i], _texts[i].Name, _texts[i].Kind, _texts[i].Owner);
            _reply.Row();
        }
        _reply.Send(&Replied, (void*)GCHandle.ToIntPtr(_self));
        _reply.Reset();
        return _call.Result.Rows;
    }

    public void Dispose() => _self.Free();

    private void Write(Order row, ReadOnlySpan<byte> name, ReadOnlySpan<byte> kind, ReadOnlySpan<byte> owner)
    {
        _reply.Int64(row.Id);
        _reply.Bytes(AbiValueKind.Text, name);
        _reply.Bytes(AbiValueKind.Text, kind);
        _reply.Bytes(AbiValueKind.Text, owner);
        _reply.Whole(AbiValueKind.Date, row.Due.DayNumber - ValueReader.EpochDay);
        _reply.Int64(row.PriceCents);
        _reply.Double(row.Weight);
        _reply.Bool(row.Paid);
        _reply.Whole(AbiValueKind.Timestamp, (row.Changed - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond);
        row.Tag.TryWriteBytes(_reply.Room(AbiValueKind.Uuid, 16), bigEndian: true, out _);
    }

    [UnmanagedCallersOnly]
    private static void Replied(void* state, AbiReply* reply) => ((ReadingCall)GCHandle.FromIntPtr((nint)state).Target!).Read(reply);

    // What the SDK's own call does with a reply of Database.QueryAsync<T>, without a request around it.
    private sealed class ReadingCall : ServiceCall
    {
        public ResultPages<List<Order>> Result { get; private set; } = null!;

        public void Read(AbiReply* reply)
        {
            Argument = new ResultPages<List<Order>>([]) { Read = RowPages<Order>.ReadAll };
            Result = RowPages<Order>.ReadAll(this, new Reply(reply));
        }

        public override void End() => Discard();

        protected override void Accept(AbiReply* reply) => Read(reply);
    }
}
