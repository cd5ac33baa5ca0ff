namespace EdgeGw.Documents;

/// <summary>Everything that is wrong with a file, so that its author mends it in one go: <c>bundle.yaml:12:5: …</c>.</summary>
internal sealed class DocumentFaults(string file)
{
    // Past this many, more sentences help nobody.
    private const int Most = 100;

    private readonly List<string> _sentences = [];
    private int _leftOut;

    /// <summary>What the file is called.</summary>
    internal string File { get; } = file;

    /// <summary>How many there are.</summary>
    internal int Count => _sentences.Count + _leftOut;

    /// <summary>The sentences.</summary>
    internal IReadOnlyList<string> All => _leftOut == 0 ? _sentences : [.. _sentences, $"{File}: {_leftOut} more are left out."];

    /// <summary>Adds a sentence about a place.</summary>
    internal void Add(DocumentNode at, string sentence) => Add($"{File}:{at.Position}: {sentence}");

    /// <summary>Adds a sentence that names its place itself.</summary>
    internal void Add(string sentence)
    {
        if (_sentences.Count < Most)
        {
            _sentences.Add(sentence);
        }
        else
        {
            _leftOut++;
        }
    }
}
