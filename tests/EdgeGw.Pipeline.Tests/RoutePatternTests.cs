using EdgeGw.Pipeline.Match;

namespace EdgeGw.Pipeline.Tests;

internal sealed class RoutePatternTests
{
    [TestCase("/", "/")]
    [TestCase("/hello", "/hello")]
    [TestCase("/hello/", "/hello")]
    [TestCase("/orders/{id:int}/lines/{*rest}", "/orders/{:int}/lines/{*}")]
    [TestCase("/{a}/{b:guid}", "/{}/{:guid}")]
    [TestCase("/caf%C3%A9", "/caf%C3%A9")]
    public void The_shape_is_the_pattern_without_its_names(string pattern, string shape)
    {
        Assert.That(RoutePattern.TryParse(pattern, out var parsed, out var error), Is.True, error);
        Assert.That(parsed!.Shape, Is.EqualTo(shape));
    }

    [TestCase("hello", "must begin with '/'")]
    [TestCase("/a//b", "empty segment")]
    [TestCase("/a b", "space")]
    [TestCase("/a?b", "'?'")]
    [TestCase("/a{b}", "whole segment")]
    [TestCase("/{}", "needs a name")]
    [TestCase("/{1a}", "needs a name")]
    [TestCase("/{a:float}", "'float' is not a type")]
    [TestCase("/{*a}/b", "last segment")]
    [TestCase("/{a}/{A}", "twice")]
    [TestCase("/a%2", "percent-encoding")]
    [TestCase("/a/..", "never match")]
    [TestCase("/%2e", "never match")]
    public void A_pattern_that_cannot_work_is_refused_with_the_reason(string pattern, string reason)
    {
        Assert.That(RoutePattern.TryParse(pattern, out _, out var error), Is.False);
        Assert.That(error, Does.Contain(reason).And.Contain(pattern));
    }

    [Test]
    public void Segments_and_parameters_are_bounded()
    {
        Assert.That(RoutePattern.TryParse(string.Concat(Enumerable.Repeat("/a", 65)), out _, out var tooLong), Is.False);
        Assert.That(tooLong, Does.Contain("64"));
        Assert.That(RoutePattern.TryParse(string.Concat(Enumerable.Range(0, 33).Select(i => $"/{{p{i}}}")), out _, out var tooMany), Is.False);
        Assert.That(tooMany, Does.Contain("32"));
    }
}
