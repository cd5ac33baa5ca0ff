namespace EdgeGw.Fuzz.Tests;

/// <summary>Makes inputs of a corpus as AFL++ does, without its feedback: a seed gives the same input on every machine.</summary>
internal sealed class Mutation(IReadOnlyList<byte[]> corpus, int seed)
{
    private const int MostBytes = 8_192;
    private static readonly byte[] s_telling = [0, 1, 0x7f, 0x80, 0xff, (byte)'%', (byte)'/', (byte)'.', (byte)'{', (byte)'}', (byte)'"', (byte)'\'', (byte)'$', (byte)'-', (byte)'\n', (byte)'\r', (byte)'&', (byte)'='];

    private readonly Random _random = new(seed);

    /// <summary>One input, one to eight steps away from the corpus.</summary>
    internal byte[] Next()
    {
        List<byte> bytes = [.. Pick().Take(MostBytes)];
        for (var steps = 1 + _random.Next(8); steps > 0; steps--)
        {
            Step(bytes);
        }
        return [.. bytes.Take(MostBytes)];
    }

    private void Step(List<byte> bytes)
    {
        var at = _random.Next(bytes.Count + 1);
        var inside = Math.Min(at, bytes.Count - 1);
        switch (_random.Next(bytes.Count == 0 ? 2 : 7))
        {
            case 0:
                bytes.Insert(at, s_telling[_random.Next(s_telling.Length)]);
                break;
            case 1:
                var other = Pick();
                var from = _random.Next(other.Length + 1);
                bytes.InsertRange(at, other.Skip(from).Take(_random.Next(64)));
                break;
            case 2:
                bytes[inside] = (byte)_random.Next(256);
                break;
            case 3:
                bytes[inside] ^= (byte)(1 << _random.Next(8));
                break;
            case 4:
                bytes[inside] = s_telling[_random.Next(s_telling.Length)];
                break;
            case 5:
                bytes.RemoveRange(inside, Math.Min(1 + _random.Next(32), bytes.Count - inside));
                break;
            default:
                bytes.InsertRange(at, bytes.Skip(inside).Take(1 + _random.Next(32)).ToArray());
                break;
        }
    }

    private byte[] Pick() => corpus[_random.Next(corpus.Count)];
}
