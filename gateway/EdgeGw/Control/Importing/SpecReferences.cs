using EdgeGw.Documents;

namespace EdgeGw.Control.Importing;

/// <summary>Follows <c>$ref</c>s inside the document. Nothing is ever fetched.</summary>
internal sealed class SpecReferences(DocumentMapping root, DocumentFaults faults)
{
    private const int LongestChain = 32;

    private readonly HashSet<DocumentNode> _reported = new(ReferenceEqualityComparer.Instance);

    /// <summary>What a node stands for: itself, or what its <c>$ref</c> leads to; null, and a sentence, when that is nowhere.</summary>
    /// <param name="node">The node.</param>
    /// <param name="name">The last part of the reference; null for a node that is none.</param>
    internal DocumentNode? Resolve(DocumentNode node, out string? name)
    {
        name = null;
        for (var steps = 0; node is DocumentMapping mapping && mapping.Find("$ref") is DocumentScalar reference; steps++)
        {
            if (steps == LongestChain)
            {
                return Fault(reference, $"'{DocumentBudget.Shown(reference.Text)}' leads back to itself, or through more than {LongestChain} others.");
            }
            if (!reference.Text.StartsWith('#'))
            {
                return Fault(reference, $"'{DocumentBudget.Shown(reference.Text)}' leads out of this document; only '#/…' is followed, nothing is fetched: put what it stands for into the document.");
            }
            if (Find(reference.Text, out name) is not { } target)
            {
                return Fault(reference, $"'{DocumentBudget.Shown(reference.Text)}' leads nowhere: the document has no such place.");
            }
            node = target;
        }
        return node;
    }

    /// <summary>The mapping that a node stands for; null, perhaps with a sentence, when it is none.</summary>
    internal DocumentMapping? Mapping(DocumentNode? node) => node is null ? null : Resolve(node, out _) as DocumentMapping;

    // RFC 6901, in a URL's fragment.
    private DocumentNode? Find(string reference, out string? name)
    {
        name = null;
        if (reference == "#")
        {
            return root;
        }
        if (!reference.StartsWith("#/", StringComparison.Ordinal))
        {
            return null;
        }
        DocumentNode? node = root;
        foreach (var part in reference[2..].Split('/'))
        {
            name = Uri.UnescapeDataString(part).Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
            node = node switch
            {
                DocumentMapping mapping => mapping.Find(name),
                DocumentSequence sequence when int.TryParse(name, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var at) && at < sequence.Items.Count => sequence.Items[at],
                _ => null,
            };
            if (node is null)
            {
                return null;
            }
        }
        return node;
    }

    private DocumentNode? Fault(DocumentNode at, string sentence)
    {
        // The same reference is met again wherever what holds it is used.
        if (_reported.Add(at))
        {
            faults.Add(at, sentence);
        }
        return null;
    }
}
