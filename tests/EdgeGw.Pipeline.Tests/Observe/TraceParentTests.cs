using CsCheck;
using EdgeGw.Pipeline.Observe;
using Microsoft.Extensions.Primitives;

namespace EdgeGw.Pipeline.Tests.Observe;

/// <summary>The headers of W3C Trace Context.</summary>
internal sealed class TraceParentTests
{
    private const string Good = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    private static readonly Gen<TraceParent> s_parents =
        Gen.Select(Gen.ULong, Gen.ULong, Gen.ULong[1, ulong.MaxValue], Gen.Bool).Where(parts => (parts.Item1 | parts.Item2) != 0).Select(parts => new TraceParent(new TraceId(parts.Item1, parts.Item2), parts.Item3, parts.Item4));

    [Test]
    public void What_is_written_is_read_as_it_was() => s_parents.Sample(parent =>
        parent.ToString().Length == 55 && TraceParent.TryParse(parent.ToString(), out var read) && read == parent);

    [Test]
    public void A_text_with_one_character_exchanged_is_read_as_what_it_says_or_not_at_all() => Gen.Select(s_parents, Gen.Int[0, 54], Gen.Char[' ', '\u017f']).Sample((parent, at, c) =>
    {
        var text = parent.ToString().ToCharArray();
        text[at] = c;
        var changed = new string(text);
        // By the grammar of the specification, another way than the parser goes.
        var isRight = System.Text.RegularExpressions.Regex.IsMatch(changed, "^(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}\\z");
        return TraceParent.TryParse(changed, out var read) == isRight && (!isRight || changed[3..52] == read.ToString()[3..52]);
    });

    [Test]
    public void A_text_is_none_and_nothing_is_thrown() => Gen.String.Sample(text => !TraceParent.TryParse(text, out var parent) && parent == default);

    [TestCase(Good, ExpectedResult = true)]
    [TestCase("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00", ExpectedResult = false)]
    [TestCase("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-03", ExpectedResult = true)]
    [TestCase("01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", ExpectedResult = true)]
    [TestCase("cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-what-comes-later", ExpectedResult = true)]
    public bool The_lowest_flag_says_whether_it_is_sampled(string text) =>
        TraceParent.TryParse(text, out var parent) ? parent.IsSampled : throw new AssertionException("it is right");

    [TestCase("")]
    [TestCase("00")]
    [TestCase(Good + "-00")]
    [TestCase(Good + " ")]
    [TestCase("cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01.what")]
    [TestCase("ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")]
    [TestCase("00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01")]
    [TestCase("00-00000000000000000000000000000000-b7ad6b7169203331-01")]
    [TestCase("00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01")]
    [TestCase("00_0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")]
    public void What_the_specification_does_not_allow_is_none(string text) => Assert.That(TraceParent.TryParse(text, out _), Is.False);

    [TestCase("rojo=00f067aa0ba902b7,congo=t61rcWkgMzE")]
    [TestCase("rojo=1, ,\tcongo=2 ")]
    [TestCase("fw529a3039@dt=FfAC0Q4xNw,4@nr=0")]
    [TestCase("a*/_-9=!\"#$%&'()*+-./:;<>?@[]^_`{|}~")]
    public void A_right_tracestate_goes_on_as_it_is(string text) => Assert.That(TraceState.Read(text), Is.EqualTo(text));

    [Test]
    public void Several_tracestates_are_one_list() => Assert.That(TraceState.Read(new StringValues(["a=1", "b=2"])), Is.EqualTo("a=1,b=2"));

    [TestCase("")]
    [TestCase(" , ")]
    [TestCase("A=1")]
    [TestCase("a=")]
    [TestCase("=1")]
    [TestCase("a")]
    [TestCase("a=1=2")]
    [TestCase("a@=1")]
    [TestCase("@b=1")]
    [TestCase("a@bcdefghijklmnop=1")]
    [TestCase("a=\u00e9")]
    public void A_wrong_tracestate_is_none(string text) => Assert.That(TraceState.Read(text), Is.Null);

    [Test]
    public void A_tracestate_is_bounded() => Assert.Multiple(() =>
    {
        Assert.That(TraceState.Read(string.Join(',', Enumerable.Range(0, 32).Select(i => $"a{i}=1"))), Is.Not.Null);
        Assert.That(TraceState.Read(string.Join(',', Enumerable.Range(0, 33).Select(i => $"a{i}=1"))), Is.Null);
        Assert.That(TraceState.Read("a=" + new string('x', 511)), Is.Null);
    });

    [Test]
    public void New_ids_are_never_zero_nor_the_same()
    {
        var traces = Enumerable.Range(0, 10_000).Select(_ => TraceId.Create()).ToHashSet();
        var spans = Enumerable.Range(0, 10_000).Select(_ => TraceId.CreateSpan()).ToHashSet();
        Assert.That((traces.Count, spans.Count, traces.All(id => id.IsValid), spans.Contains(0)), Is.EqualTo((10_000, 10_000, true, false)));
    }
}
