namespace EdgeGw.Documents;

/// <summary>Counts what a document comes to while it is read, and makes its values.</summary>
internal sealed class DocumentBudget(DocumentBounds bounds, Func<DocumentScalar, string>? expand)
{
    private int _nodes;

    /// <summary>Nodes so far, those behind aliases each time they are named.</summary>
    internal int Nodes => _nodes;

    /// <summary>Counts nodes.</summary>
    internal void Take(int nodes, long line, long column)
    {
        if (nodes > bounds.MaxNodes - _nodes)
        {
            throw new DocumentException($"It has more than {bounds.MaxNodes} values, lists and mappings, those that aliases stand for counted each time.", line, column);
        }
        _nodes += nodes;
    }

    /// <summary>Refuses what stands too deep.</summary>
    internal static void Depth(int depth, long line, long column)
    {
        if (depth > DocumentBounds.MaxDepth)
        {
            throw new DocumentException($"Lists and mappings stand more than {DocumentBounds.MaxDepth} deep in each other.", line, column);
        }
    }

    /// <summary>A value.</summary>
    internal DocumentScalar Value(long line, long column, string text, bool isQuoted)
    {
        var scalar = Scalar(line, column, text, isQuoted);
        return expand is null || expand(scalar) is var expanded && ReferenceEquals(expanded, text) ? scalar : scalar with { Text = expanded, IsQuoted = true };
    }

    /// <summary>A key, or a value as it is written.</summary>
    internal DocumentScalar Scalar(long line, long column, string text, bool isQuoted)
    {
        Take(1, line, column);
        return text.Length <= DocumentBounds.MaxScalar
            ? new DocumentScalar((int)line, (int)column, text, isQuoted)
            : throw new DocumentException($"This value has {text.Length} characters; {DocumentBounds.MaxScalar} are allowed.", line, column);
    }

    /// <summary>Adds an entry to a mapping.</summary>
    internal static void Add(OrderedDictionary<string, DocumentEntry> entries, DocumentScalar key, DocumentNode value)
    {
        if (!entries.TryAdd(key.Text, new DocumentEntry(key, value)))
        {
            throw new DocumentException($"The key '{Shown(key.Text)}' is given twice; the first one is at {entries[key.Text].Key.Position}.", key.Line, key.Column);
        }
    }

    /// <summary>A text of the document's in a sentence: without control characters, and not long.</summary>
    internal static string Shown(string text)
    {
        const int most = 80;
        var plain = string.Concat(text.Take(most).Select(c => char.IsControl(c) ? '�' : c));
        return text.Length <= most ? plain : plain + "…";
    }
}
