using System.Globalization;

namespace EdgeGw.Documents;

/// <summary>A piece of a YAML or JSON document, with where it stands.</summary>
/// <param name="Line">1 is the first.</param>
/// <param name="Column">1 is the first.</param>
internal abstract record DocumentNode(int Line, int Column)
{
    /// <summary>What it is, for sentences.</summary>
    internal abstract string Kind { get; }

    /// <summary><c>12:5</c>.</summary>
    internal string Position => string.Create(CultureInfo.InvariantCulture, $"{Line}:{Column}");
}

/// <summary>A text, a number, a flag or nothing.</summary>
/// <param name="Line">1 is the first.</param>
/// <param name="Column">1 is the first.</param>
/// <param name="Text">As it was meant: without quotes, escapes read.</param>
/// <param name="IsQuoted">Whether it can only be text.</param>
internal sealed record DocumentScalar(int Line, int Column, string Text, bool IsQuoted) : DocumentNode(Line, Column)
{
    /// <inheritdoc/>
    internal override string Kind => IsNull ? "nothing" : "a value";

    /// <summary>Whether it says that there is nothing.</summary>
    internal bool IsNull => !IsQuoted && (Text is "" or "~" or "null" or "Null" or "NULL");
}

/// <summary>A list.</summary>
internal sealed record DocumentSequence(int Line, int Column, IReadOnlyList<DocumentNode> Items) : DocumentNode(Line, Column)
{
    /// <summary>The first item; null when there is none.</summary>
    internal DocumentNode? First => Items.Count == 0 ? null : Items[0];

    /// <inheritdoc/>
    internal override string Kind => "a list";
}

/// <summary>Keys with their values, in the order of the document; each key once.</summary>
internal sealed record DocumentMapping(int Line, int Column, OrderedDictionary<string, DocumentEntry> Entries) : DocumentNode(Line, Column)
{
    /// <inheritdoc/>
    internal override string Kind => "a mapping";

    /// <summary>The value of a key; null when it is not there.</summary>
    internal DocumentNode? Find(string key) => Entries.TryGetValue(key, out var entry) ? entry.Value : null;
}

/// <summary>A key with its value.</summary>
internal sealed record DocumentEntry(DocumentScalar Key, DocumentNode Value);
