using System.Text;
using EdgeGw.Abi;

namespace EdgeGw.Interop;

/// <summary>The names of a result's columns. Immutable, and the same object for the same names, so that a statement run again allocates none.</summary>
internal sealed class ColumnNames
{
    /// <summary>Results whose names are remembered; a clash forgets the older one.</summary>
    private const int Remembered = 256;

    private static readonly ColumnNames?[] Known = new ColumnNames?[Remembered];
    public static readonly ColumnNames None = new([]);

    private readonly byte[][] _bytes;
    private readonly string[] _names;
    private Mapping? _mapping;

    private ColumnNames(byte[][] bytes)
    {
        _bytes = bytes;
        _names = Array.ConvertAll(bytes, Encoding.UTF8.GetString);
    }

    private sealed record Mapping(string[] Members, int[] Columns);

    public IReadOnlyList<string> All => _names;

    public int Count => _names.Length;

    public string this[int column] => _names[column];

    public static ColumnNames Of(ReadOnlySpan<AbiText> names)
    {
        if (names.IsEmpty)
            return None;
        var hash = new HashCode();
        foreach (var name in names)
            hash.AddBytes(name.AsSpan());
        ref var slot = ref Known[(uint)hash.ToHashCode() % Remembered];
        var known = Volatile.Read(ref slot);
        if (known is not null && known.Equals(names))
            return known;
        var bytes = new byte[names.Length][];
        for (var i = 0; i < bytes.Length; i++)
            bytes[i] = names[i].AsSpan().ToArray();
        known = new ColumnNames(bytes);
        Volatile.Write(ref slot, known);
        return known;
    }

    /// <summary>The column of that name: exactly so, or else but for case and underscores (<c>OwnerName</c> is <c>owner_name</c>).</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public int Find(string name)
    {
        var exact = Array.IndexOf(_names, name);
        var found = exact >= 0 ? exact : Array.FindIndex(_names, n => IsLike(n, name));
        return found >= 0 ? found : throw new ArgumentException($"The result has no column '{name}'; it has {this}.");
    }

    /// <summary>Where the members of a record are.</summary>
    public int[] Map(string[] members)
    {
        if (_mapping is { } mapping && ReferenceEquals(mapping.Members, members))
            return mapping.Columns;
        var columns = Array.ConvertAll(members, Find);
        _mapping = new Mapping(members, columns);
        return columns;
    }

    public override string ToString() => _names.Length == 0 ? "none" : string.Join(", ", _names);

    private bool Equals(ReadOnlySpan<AbiText> names)
    {
        if (names.Length != _bytes.Length)
            return false;
        for (var i = 0; i < names.Length; i++)
        {
            if (!names[i].AsSpan().SequenceEqual(_bytes[i]))
                return false;
        }
        return true;
    }

    private static bool IsLike(string column, string name)
    {
        var (i, j) = (0, 0);
        while (true)
        {
            while (i < column.Length && column[i] == '_')
                i++;
            while (j < name.Length && name[j] == '_')
                j++;
            if (i == column.Length || j == name.Length)
                return i == column.Length && j == name.Length;
            if (char.ToLowerInvariant(column[i++]) != char.ToLowerInvariant(name[j++]))
                return false;
        }
    }
}
