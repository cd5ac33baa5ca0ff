using System.Globalization;
using System.Numerics;
using EdgeGw.Configuration;

namespace EdgeGw.Documents;

/// <summary>Reads a mapping key by key; every fault is a sentence, and what is wrong counts as not given. A key that nobody asked for is one of them: it is most likely a misspelt one.</summary>
internal sealed class MappingReader(DocumentMapping mapping, DocumentFaults faults)
{
    private const int FurthestGuess = 3;

    private readonly HashSet<string> _known = new(StringComparer.Ordinal);

    /// <summary>Where it stands.</summary>
    internal DocumentMapping Node => mapping;

    /// <summary>The mapping that a node is; null, and a sentence, when it is none. <paramref name="what"/> begins the sentence: "The bundle".</summary>
    internal static MappingReader? Of(DocumentNode node, string what, DocumentFaults faults)
    {
        if (node is DocumentMapping mapping)
        {
            return new MappingReader(mapping, faults);
        }
        faults.Add(node, $"{what} must be a mapping (key: value), not {node.Kind}.");
        return null;
    }

    /// <summary>A key's value, of any kind; null when it is not given, or nothing.</summary>
    internal DocumentNode? Any(string key)
    {
        _known.Add(key);
        return mapping.Find(key) is { } node and not DocumentScalar { IsNull: true } ? node : null;
    }

    /// <summary>A text; null when it is not given.</summary>
    internal string? Text(string key) => Scalar(key)?.Text;

    /// <summary>A text that must be given; empty, and a sentence, when it is not.</summary>
    internal string RequireText(string key, string what)
    {
        if (Text(key) is { } text)
        {
            return text;
        }
        if (mapping.Find(key) is null or DocumentScalar)
        {
            faults.Add(mapping, $"{what} needs '{key}'.");
        }
        return "";
    }

    /// <summary>A whole number within bounds; null when it is not given.</summary>
    internal T? Whole<T>(string key, T least, T most) where T : struct, IBinaryInteger<T>
    {
        if (Scalar(key) is not { } scalar)
        {
            return null;
        }
        if (T.TryParse(scalar.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most)
        {
            return value;
        }
        faults.Add(scalar, $"'{key}' is '{DocumentBudget.Shown(scalar.Text)}'; it must be a whole number from {least} to {most}.");
        return null;
    }

    /// <summary>A flag; null when it is not given.</summary>
    internal bool? Flag(string key)
    {
        switch (Scalar(key))
        {
            case null:
                return null;
            case { Text: "true" or "True" or "TRUE" }:
                return true;
            case { Text: "false" or "False" or "FALSE" }:
                return false;
            case var scalar:
                faults.Add(scalar, $"'{key}' is '{DocumentBudget.Shown(scalar.Text)}'; it must be true or false.");
                return null;
        }
    }

    /// <summary>A mapping; null when it is not given.</summary>
    internal MappingReader? Mapping(string key) => Any(key) is { } node ? Of(node, $"'{key}'", faults) : null;

    /// <summary>The entries of a mapping; none when it is not given.</summary>
    internal IReadOnlyCollection<DocumentEntry> Entries(string key) => Mapping(key) is { } inner ? inner.Node.Entries.Values : [];

    /// <summary>Keys with texts; none when it is not given.</summary>
    internal Dictionary<string, string> Texts(string key, IEqualityComparer<string> comparer)
    {
        var texts = new Dictionary<string, string>(comparer);
        foreach (var (name, value) in Entries(key))
        {
            if (value is not DocumentScalar { IsNull: false } scalar)
            {
                faults.Add(value, $"'{DocumentBudget.Shown(name.Text)}' must be a text, not {value.Kind}.");
            }
            else if (!texts.TryAdd(name.Text, scalar.Text))
            {
                faults.Add(name, $"'{DocumentBudget.Shown(name.Text)}' is given twice: upper and lower case are the same here.");
            }
        }
        return texts;
    }

    /// <summary>A list; empty when it is not given.</summary>
    internal IReadOnlyList<DocumentNode> Items(string key)
    {
        switch (Any(key))
        {
            case null:
                return [];
            case DocumentSequence sequence:
                return sequence.Items;
            case var node:
                faults.Add(node, $"'{key}' must be a list (- item), not {node.Kind}.");
                return [];
        }
    }

    /// <summary>Names every key that nobody has asked for. Called last.</summary>
    internal void End()
    {
        foreach (var (key, _) in mapping.Entries.Values)
        {
            if (!_known.Contains(key.Text))
            {
                var meant = _known.Count == 0 ? null : NearestKey.Find(DocumentBudget.Shown(key.Text), _known);
                var guess = meant is not null && NearestKey.Distance(DocumentBudget.Shown(key.Text), meant) <= FurthestGuess ? $"did you mean '{meant}'?" : $"there are {string.Join(", ", _known)}.";
                faults.Add(key, $"'{DocumentBudget.Shown(key.Text)}' means nothing here; {guess}");
            }
        }
    }

    private DocumentScalar? Scalar(string key)
    {
        switch (Any(key))
        {
            case null:
                return null;
            case DocumentScalar scalar:
                return scalar;
            case var node:
                faults.Add(node, $"'{key}' must be a single value, not {node.Kind}.");
                return null;
        }
    }
}
