using System.Net;
using System.Text;
using CsCheck;

namespace EdgeGw.Tests;

public class UrlEncodedTests
{
    [Test]
    public void What_was_encoded_is_decoded_again()
        => Gen.Select(Gen.String, Gen.String).List[0, 8].Sample(pairs =>
        {
            var text = string.Join('&', pairs.Select(p => $"{WebUtility.UrlEncode("n" + p.Item1)}={WebUtility.UrlEncode(p.Item2)}"));
            var parsed = UrlEncoded.Parse(Encoding.UTF8.GetBytes(text), int.MaxValue);
            // A lone surrogate has no UTF-8: both sides read it as U+FFFD.
            return parsed.SequenceEqual(pairs.Select(p => KeyValuePair.Create("n" + Clean(p.Item1), Clean(p.Item2))));
        });

    [Test]
    public void Any_bytes_are_read_without_failing()
        => Gen.Byte.Array[0, 100].Sample(bytes => UrlEncoded.Parse(bytes, int.MaxValue).Count <= bytes.Count(b => b == (byte)'&') + 1);

    [TestCase("a=%", "a", "%")]
    [TestCase("a=%4", "a", "%4")]
    [TestCase("a=%zz", "a", "%zz")]
    [TestCase("a=%41", "a", "A")]
    [TestCase("a", "a", "")]
    [TestCase("=a", "", "a")]
    [TestCase("a=b=c", "a", "b=c")]
    [TestCase("&&a=1&", "a", "1")]
    public void Odd_text_is_read_as_browsers_do(string text, string name, string value)
        => Assert.That(UrlEncoded.Parse(Encoding.UTF8.GetBytes(text), 10), Is.EqualTo(new[] { KeyValuePair.Create(name, value) }));

    private static string Clean(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
}
