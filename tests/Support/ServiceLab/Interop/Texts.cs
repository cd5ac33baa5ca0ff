using System.Runtime.InteropServices;
using System.Text;

namespace EdgeGw.Tests.ServiceLab;

/// <summary>Arguments in native memory, overwritten and freed as soon as the function has returned: what it did not copy by then shows.</summary>
internal sealed unsafe class Texts : IDisposable
{
    private readonly List<(nint Data, int Length)> _blocks = [];

    public AbiText Add(string text) => Add(Encoding.UTF8.GetBytes(text));

    public AbiText Add(byte[] bytes)
    {
        var data = Allocate(bytes.Length);
        bytes.CopyTo(new Span<byte>(data, bytes.Length));
        return new AbiText(data, bytes.Length);
    }

    public AbiMetadata* Add((string Name, string Value)[] metadata)
    {
        var pairs = (AbiMetadata*)Allocate(metadata.Length * sizeof(AbiMetadata));
        for (var i = 0; i < metadata.Length; i++)
        {
            pairs[i] = new AbiMetadata { Name = Add(metadata[i].Name), Value = Add(metadata[i].Value) };
        }
        return pairs;
    }

    public AbiCacheKey* AddKeys(byte[][] keys)
    {
        var list = (AbiCacheKey*)Allocate(keys.Length * sizeof(AbiCacheKey));
        for (var i = 0; i < keys.Length; i++)
        {
            list[i] = new AbiCacheKey { Key = Add(keys[i]) };
        }
        return list;
    }

    public AbiCacheEntry* AddEntries((byte[] Key, byte[] Value)[] entries)
    {
        var list = (AbiCacheEntry*)Allocate(entries.Length * sizeof(AbiCacheEntry));
        for (var i = 0; i < entries.Length; i++)
        {
            list[i] = new AbiCacheEntry { Key = Add(entries[i].Key), Value = Add(entries[i].Value) };
        }
        return list;
    }

    public AbiHttpHeader* AddHeaders((string Name, string Value)[] headers)
    {
        var list = (AbiHttpHeader*)Allocate(headers.Length * sizeof(AbiHttpHeader));
        for (var i = 0; i < headers.Length; i++)
        {
            list[i] = new AbiHttpHeader { Name = Add(headers[i].Name), Value = Add(headers[i].Value) };
        }
        return list;
    }

    public void Dispose()
    {
        foreach (var (data, length) in _blocks)
        {
            new Span<byte>((void*)data, length).Fill(0xDD);
            NativeMemory.Free((void*)data);
        }
    }

    private byte* Allocate(int length)
    {
        var data = (byte*)NativeMemory.Alloc((nuint)Math.Max(length, 1));
        _blocks.Add(((nint)data, length));
        return data;
    }
}
