namespace EdgeGw.Services.Storage.Directory;

/// <summary>One page of a list: walks the tree in the order of the keys' bytes, and only where rows can come from.</summary>
internal sealed class ObjectList(ObjectTree tree, string prefix, string delimiter, string after, int limit, CancellationToken cancellationToken)
{
    private readonly List<ObjectFacts> _rows = [];
    private string? _rolledUp;

    /// <summary>Walks.</summary>
    public IReadOnlyList<ObjectFacts> Walk()
    {
        Walk(tree.Objects, "");
        return _rows;
    }

    // `start` is what all keys below the folder begin with.
    private void Walk(string folder, string start)
    {
        foreach (var (name, _) in ObjectTree.NamesIn(folder))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (_rows.Count == limit)
            {
                return;
            }
            var key = start + name[1..];
            if (name[0] == ObjectPath.Object)
            {
                Meet(key);
                continue;
            }
            if (name[0] == ObjectPath.Folder)
            {
                key += "/";
            }
            if (CanHold(key))
            {
                Walk(Path.Combine(folder, name), key);
            }
        }
    }

    private bool CanHold(string start) =>
        (start.StartsWith(prefix, StringComparison.Ordinal) || prefix.StartsWith(start, StringComparison.Ordinal))
        && (KeyOrder.Compare(start, after) >= 0 || after.StartsWith(start, StringComparison.Ordinal))
        && (_rolledUp is null || !start.StartsWith(_rolledUp, StringComparison.Ordinal));

    private void Meet(string key)
    {
        if (!key.StartsWith(prefix, StringComparison.Ordinal) || (_rolledUp is not null && key.StartsWith(_rolledUp, StringComparison.Ordinal)))
        {
            return;
        }
        if (delimiter.Length > 0 && key.IndexOf(delimiter, prefix.Length, StringComparison.Ordinal) is var at and >= 0)
        {
            _rolledUp = key[..(at + delimiter.Length)];
            if (KeyOrder.Compare(_rolledUp, after) > 0)
            {
                _rows.Add(ObjectFacts.Prefix(_rolledUp));
            }
            return;
        }
        if (KeyOrder.Compare(key, after) <= 0)
        {
            return;
        }
        using var file = tree.Open(key);
        if (file is not null)
        {
            _rows.Add(ObjectFile.Read(file, key).Facts);
        }
    }
}
