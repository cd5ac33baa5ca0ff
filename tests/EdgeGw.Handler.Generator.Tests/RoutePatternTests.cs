using CsCheck;

namespace EdgeGw.Generator.Tests;

public class RoutePatternTests
{
    [Test]
    public void Any_text_is_a_pattern_or_has_a_reason_why_not()
        => Gen.OneOf(Gen.String, Gen.OneOf("/", "{", "}", "*", ":", "int", "a", "%", "4", "..", "").Array[0, 12].Select(string.Concat)).Sample(text =>
        {
            var pattern = RoutePattern.Parse(text, out var reason, out var unknown);
            return pattern is null ? reason is not null || unknown is not null : reason is null && unknown is null && text.StartsWith('/');
        });

    [TestCase("/", "/", "")]
    [TestCase("/a/", "/a", "")]
    [TestCase("/a/{x}/b/{y:guid}/{*z}", "/a/{:}/b/{:guid}/{*}", "x y z")]
    [TestCase("/%7Ejoe", "/~joe", "")]
    public void A_pattern_has_a_shape_and_names(string text, string shape, string names)
    {
        var pattern = RoutePattern.Parse(text, out _, out _)!;
        Assert.That((pattern.Shape, string.Join(' ', pattern.Names)), Is.EqualTo((shape, names)));
    }
}
