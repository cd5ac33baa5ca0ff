using System.Text;

namespace EdgeGw.Fuzz.Targets;

/// <summary>A query or url-encoded form, as the SDK reads it: pairs that, written again, read the same.</summary>
internal static class QueryTarget
{
    private const int MostPairs = 64;

    internal static void Run(byte[] input)
    {
        List<KeyValuePair<string, string>> pairs;
        try
        {
            pairs = UrlEncoded.Parse(input, MostPairs);
        }
        catch (HandlerError.BadRequest)
        {
            FuzzFindingException.ThrowUnless(input.Count(b => b == '&') >= MostPairs, "too many pairs where there are few");
            return;
        }
        FuzzFindingException.ThrowUnless(pairs.Count <= MostPairs, "more pairs than are allowed");
        // An empty name with an empty value is written as '='.
        var written = string.Join('&', pairs.Select(pair => $"{Uri.EscapeDataString(pair.Key)}={Uri.EscapeDataString(pair.Value)}"));
        FuzzFindingException.ThrowUnless(UrlEncoded.Parse(Encoding.UTF8.GetBytes(written), MostPairs).SequenceEqual(pairs), "pairs that are others when they are written and read");
    }
}
