using System.Text;
using System.Text.Json;

namespace EdgeGw.Documents;

/// <summary>Reads JSON (RFC 8259), with the place of every value.</summary>
internal ref struct JsonTree
{
    private readonly ReadOnlySpan<byte> _utf8;
    private readonly DocumentBudget _budget;
    private Utf8JsonReader _reader;
    private int _line = 1;
    private int _column = 1;
    private int _counted;

    private JsonTree(ReadOnlySpan<byte> utf8, DocumentBudget budget)
    {
        _utf8 = utf8;
        _budget = budget;
        // One deeper than is allowed: ours is the clearer sentence.
        _reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = DocumentBounds.MaxDepth + 1 });
    }

    internal static DocumentNode Read(ReadOnlySpan<byte> utf8, DocumentBudget budget)
    {
        var tree = new JsonTree(utf8, budget);
        try
        {
            tree._reader.Read();
            var root = tree.Node(1);
            tree._reader.Read(); // throws when something follows
            return root;
        }
        catch (JsonException e)
        {
            throw new DocumentException("This is not JSON: it cannot be understood from here on.", (e.LineNumber ?? 0) + 1, (e.BytePositionInLine ?? 0) + 1);
        }
        catch (InvalidOperationException)
        {
            // Text that is no UTF-8, or half of a surrogate pair.
            var (line, column) = tree.Place();
            throw new DocumentException("This text is not valid Unicode.", line, column);
        }
    }

    private DocumentNode Node(int depth)
    {
        var (line, column) = Place();
        DocumentBudget.Depth(depth, line, column);
        switch (_reader.TokenType)
        {
            case JsonTokenType.StartArray:
                _budget.Take(1, line, column);
                var items = new List<DocumentNode>();
                while (_reader.Read() && _reader.TokenType != JsonTokenType.EndArray)
                {
                    items.Add(Node(depth + 1));
                }
                return new DocumentSequence(line, column, items);
            case JsonTokenType.StartObject:
                _budget.Take(1, line, column);
                var entries = new OrderedDictionary<string, DocumentEntry>(StringComparer.Ordinal);
                while (_reader.Read() && _reader.TokenType != JsonTokenType.EndObject)
                {
                    var (keyLine, keyColumn) = Place();
                    var key = _budget.Scalar(keyLine, keyColumn, _reader.GetString()!, isQuoted: true);
                    _reader.Read();
                    DocumentBudget.Add(entries, key, Node(depth + 1));
                }
                return new DocumentMapping(line, column, entries);
            case JsonTokenType.String:
                return _budget.Value(line, column, _reader.GetString()!, isQuoted: true);
            default:
                return _budget.Value(line, column, Encoding.UTF8.GetString(_reader.ValueSpan), isQuoted: false);
        }
    }

    // Counts on from the last call; tokens come in the document's order. Columns are UTF-16 units, as editors count.
    private (int Line, int Column) Place()
    {
        var piece = _utf8[_counted..(int)_reader.TokenStartIndex];
        _counted += piece.Length;
        if (piece.Count((byte)'\n') is > 0 and var lines)
        {
            _line += lines;
            _column = 1;
            piece = piece[(piece.LastIndexOf((byte)'\n') + 1)..];
        }
        _column += Encoding.UTF8.GetCharCount(piece);
        return (_line, _column);
    }
}
