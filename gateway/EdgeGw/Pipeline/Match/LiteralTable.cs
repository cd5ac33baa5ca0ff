using System.Numerics;

namespace EdgeGw.Pipeline.Match;

/// <summary>The literal children of a trie node: an open-addressing hash table over bytes, built once and then only read. The keys are the operator's, not the client's, so
/// the hash needs no secret.</summary>
/// <typeparam name="TNode">What a literal leads to.</typeparam>
internal sealed class LiteralTable<TNode> where TNode : class
{
    private (byte[] Key, uint Hash, TNode Node)[] _slots = new (byte[], uint, TNode)[4];
    private int _count;

    /// <summary>The child for a segment, or null.</summary>
    public TNode? Find(ReadOnlySpan<byte> segment)
    {
        var hash = Hash(segment);
        var slots = _slots;
        for (var i = hash & (uint)(slots.Length - 1); ; i = (i + 1) & (uint)(slots.Length - 1))
        {
            ref var slot = ref slots[i];
            if (slot.Key is null)
            {
                return null;
            }
            if (slot.Hash == hash && segment.SequenceEqual(slot.Key))
            {
                return slot.Node;
            }
        }
    }

    /// <summary>Adds a child that is not there yet.</summary>
    public void Add(byte[] segment, TNode node)
    {
        if (++_count * 2 > _slots.Length)
        {
            var old = _slots;
            _slots = new (byte[], uint, TNode)[old.Length * 2];
            foreach (var slot in old)
            {
                if (slot.Key is not null)
                {
                    Place(slot);
                }
            }
        }
        Place((segment, Hash(segment), node));
    }

    private void Place((byte[] Key, uint Hash, TNode Node) entry)
    {
        var i = entry.Hash & (uint)(_slots.Length - 1);
        while (_slots[i].Key is not null)
        {
            i = (i + 1) & (uint)(_slots.Length - 1);
        }
        _slots[i] = entry;
    }

    private static uint Hash(ReadOnlySpan<byte> bytes)
    {
        var hash = (uint)bytes.Length * 0x9E3779B1u;
        while (bytes.Length >= 4)
        {
            hash = BitOperations.RotateLeft((hash ^ BitConverter.ToUInt32(bytes)) * 0x85EBCA6Bu, 13);
            bytes = bytes[4..];
        }
        foreach (var b in bytes)
        {
            hash = (hash ^ b) * 0x01000193u;
        }
        return hash ^ (hash >> 15);
    }
}
