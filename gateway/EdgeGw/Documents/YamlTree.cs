using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace EdgeGw.Documents;

/// <summary>Reads YAML, strictly: one document, keys that are text and given once, no tags but the standard ones, aliases that do not lead back to themselves.</summary>
internal sealed class YamlTree
{
    private const string StandardTags = "tag:yaml.org,2002:";

    private readonly Scanner _scanner;
    private readonly Parser _parser;
    private readonly DocumentBudget _budget;
    private readonly Dictionary<string, (DocumentNode? Node, int Nodes, int Height)> _anchors = new(StringComparer.Ordinal);
    private int _deepest;

    private YamlTree(string text, DocumentBudget budget)
    {
        _scanner = new Scanner(new StringReader(text), skipComments: true);
        _parser = new Parser(_scanner);
        _budget = budget;
    }

    internal static DocumentNode Read(string text, DocumentBudget budget)
    {
        var tree = new YamlTree(text, budget);
        try
        {
            return tree.Read();
        }
        catch (YamlException e)
        {
            throw new DocumentException($"This is not YAML: {Sentence(e)}", e.Start.Line, e.Start.Column);
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException or IndexOutOfRangeException or FormatException or OverflowException)
        {
            // The scanner asserts on some texts that are none (fuzzing found it), instead of saying so.
            throw new DocumentException("This is not YAML: it cannot be understood from here on.", tree._scanner.CurrentPosition.Line, tree._scanner.CurrentPosition.Column);
        }
    }

    private DocumentNode Read()
    {
        Next(); // the stream's start
        if (Next() is StreamEnd end)
        {
            throw new DocumentException("The document is empty.", end.Start.Line, end.Start.Column);
        }
        Next();
        var root = Node(depth: 1);
        Next(); // the document's end
        return Next() is DocumentStart second
            ? throw new DocumentException("A second document begins here; there can be only one.", second.Start.Line, second.Start.Column)
            : root;
    }

    // The parser's current event begins the node; afterwards it is the last event of the node.
    private DocumentNode Node(int depth)
    {
        var begin = _parser.Current!;
        var (line, column) = (begin.Start.Line, begin.Start.Column);
        DocumentBudget.Depth(depth, line, column);
        _deepest = Math.Max(_deepest, depth);
        if (begin is AnchorAlias alias)
        {
            return Alias(alias.Value.Value, depth, line, column);
        }
        if (begin is not NodeEvent node)
        {
            throw new DocumentException("Something is missing here.", line, column);
        }
        var anchor = node.Anchor.IsEmpty ? null : node.Anchor.Value;
        if (!node.Tag.IsEmpty && node.Tag.Value != "!" && !node.Tag.Value.StartsWith(StandardTags, StringComparison.Ordinal))
        {
            throw new DocumentException($"The tag '{DocumentBudget.Shown(node.Tag.Value)}' means nothing here.", line, column);
        }
        if (anchor is null)
        {
            return Content(node, depth, line, column);
        }
        var (nodes, deepest) = (_budget.Nodes, _deepest);
        _deepest = depth;
        _anchors[anchor] = (null, 0, 0); // open: an alias to it from inside would be a cycle
        var read = Content(node, depth, line, column);
        _anchors[anchor] = (read, _budget.Nodes - nodes, _deepest - depth);
        _deepest = Math.Max(_deepest, deepest);
        return read;
    }

    private DocumentNode Content(NodeEvent node, int depth, long line, long column)
    {
        switch (node)
        {
            case Scalar scalar:
                return _budget.Value(line, column, scalar.Value, IsQuoted(scalar));
            case SequenceStart:
                _budget.Take(1, line, column);
                var items = new List<DocumentNode>();
                while (Next() is not SequenceEnd)
                {
                    items.Add(Node(depth + 1));
                }
                return new DocumentSequence((int)line, (int)column, items);
            case MappingStart:
                _budget.Take(1, line, column);
                var entries = new OrderedDictionary<string, DocumentEntry>(StringComparer.Ordinal);
                while (Next() is not MappingEnd)
                {
                    var key = Key();
                    Next();
                    DocumentBudget.Add(entries, key, Node(depth + 1));
                }
                return new DocumentMapping((int)line, (int)column, entries);
            default:
                throw new DocumentException("This is no value, list or mapping.", line, column);
        }
    }

    private DocumentScalar Key() => _parser.Current is Scalar { Anchor.IsEmpty: true } scalar
        ? _budget.Scalar(scalar.Start.Line, scalar.Start.Column, scalar.Value, IsQuoted(scalar))
        : throw new DocumentException("A key must be plain text, not a list, a mapping or an alias.", _parser.Current!.Start.Line, _parser.Current.Start.Column);

    private DocumentNode Alias(string name, int depth, long line, long column)
    {
        if (!_anchors.TryGetValue(name, out var anchored))
        {
            throw new DocumentException($"'*{DocumentBudget.Shown(name)}' stands for nothing: there is no '&{DocumentBudget.Shown(name)}' before it.", line, column);
        }
        if (anchored.Node is null)
        {
            throw new DocumentException($"'*{DocumentBudget.Shown(name)}' stands for something that it is a part of.", line, column);
        }
        // The node is shared, not copied, but whoever walks the document meets it again.
        _budget.Take(anchored.Nodes, line, column);
        DocumentBudget.Depth(depth + anchored.Height, line, column);
        _deepest = Math.Max(_deepest, depth + anchored.Height);
        return anchored.Node;
    }

    private ParsingEvent Next() => _parser.MoveNext() ? _parser.Current! : throw new DocumentException("The document ends too early.");

    private static bool IsQuoted(Scalar scalar) => scalar.Style is not ScalarStyle.Plain || (!scalar.Tag.IsEmpty && scalar.Tag.Value is "!" or (StandardTags + "str"));

    // The parser's own words, which begin with the position that is given already.
    private static string Sentence(YamlException e)
    {
        var said = DocumentBudget.Shown(e.Message.Trim().TrimEnd('.'));
        return said.Length == 0 ? "it cannot be understood from here on." : said + ".";
    }
}
