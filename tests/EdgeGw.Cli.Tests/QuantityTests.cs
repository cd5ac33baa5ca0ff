using System.Globalization;
using CsCheck;

namespace EdgeGw.Cli.Tests;

public class QuantityTests
{
    [TestCase("500ms", 500)]
    [TestCase("30s", 30_000)]
    [TestCase("1.5s", 1_500)]
    [TestCase("2m", 120_000)]
    [TestCase("2 min", 120_000)]
    [TestCase("24H", 86_400_000)]
    [TestCase("0ms", 0)]
    public void A_duration_has_a_number_and_a_unit(string text, int expected)
    {
        Assert.That(Quantity.TryDuration(text, out var milliseconds), Is.Null);
        Assert.That(milliseconds, Is.EqualTo(expected));
    }

    [TestCase("30", "is not a duration such as")]
    [TestCase("", "is not a duration such as")]
    [TestCase("s", "is not a duration such as")]
    [TestCase("-1s", "is not a duration such as")]
    [TestCase("1.2.3s", "is not a duration such as")]
    [TestCase("1d", "is not a duration such as")]
    [TestCase("25h", "is more than 24h")]
    [TestCase("79228162514264337593543950335h", "is more than 24h")]
    [TestCase("99999999999999999999999999999999999999h", "is not a duration such as")]
    [TestCase("0.5ms", "is not a whole number of milliseconds")]
    public void A_wrong_duration_is_refused_with_a_sentence(string text, string sentence)
    {
        Assert.That(Quantity.TryDuration(text, out var milliseconds), Does.Contain(sentence));
        Assert.That(milliseconds, Is.Zero);
    }

    [TestCase("4096", 4096)]
    [TestCase("4096B", 4096)]
    [TestCase("10MB", 10_000_000)]
    [TestCase("10mb", 10_000_000)]
    [TestCase("64MiB", 67_108_864)]
    [TestCase("1.5 KB", 1_500)]
    [TestCase("1024GiB", 1L << 40)]
    public void A_size_is_bytes_or_has_a_unit(string text, long expected)
    {
        Assert.That(Quantity.TrySize(text, out var bytes), Is.Null);
        Assert.That(bytes, Is.EqualTo(expected));
    }

    [TestCase("10M")]
    [TestCase("MB")]
    [TestCase("1,5MB")]
    [TestCase("0x10")]
    [TestCase("1e3")]
    [TestCase("1025GiB")]
    [TestCase("1.5")]
    public void A_wrong_size_is_refused(string text) => Assert.That(Quantity.TrySize(text, out _), Does.Contain($"'{text}'"));

    [Test]
    public void Every_whole_number_of_every_unit_is_read_exactly()
    {
        (string Name, long Factor)[] units = [("B", 1), ("KB", 1_000), ("MB", 1_000_000), ("KiB", 1_024), ("MiB", 1_048_576)];
        Gen.Select(Gen.Long[0, 1 << 20], Gen.Int[0, units.Length - 1]).Sample((count, unit) =>
            Quantity.TrySize(count.ToString(CultureInfo.InvariantCulture) + units[unit].Name, out var bytes) is null && bytes == count * units[unit].Factor);
        Gen.Select(Gen.Int[0, 86_400], Gen.Int[0, 999]).Where((seconds, ms) => seconds < 86_400 || ms == 0).Sample((seconds, ms) =>
            Quantity.TryDuration(string.Create(CultureInfo.InvariantCulture, $"{seconds}.{ms:000}s"), out var read) is null && read == (seconds * 1_000) + ms);
    }

    [Test]
    public void No_text_at_all_makes_it_throw()
    {
        var near = Gen.OneOf(Gen.String, Gen.String[Gen.Char["0123456789.,-+ eEmMsShHkKbBiIgG"], 0, 40]);
        near.Sample(text =>
        {
            var duration = Quantity.TryDuration(text, out var milliseconds);
            var size = Quantity.TrySize(text, out var bytes);
            return milliseconds is >= 0 and <= 86_400_000 && bytes is >= 0 and <= 1L << 40
                && (duration is null || milliseconds == 0) && (size is null || bytes == 0);
        });
    }
}
