using System.Text.Json;
using EdgeGw.Control;
using EdgeGw.Control.Epochs;
using EdgeGw.Epochs;

namespace EdgeGw.Fuzz.Targets;

/// <summary>An epoch's file: read, damaged, or of a newer format; one that is read is written and read again as the same, and can be validated.</summary>
internal static class EpochTarget
{
    internal static void Run(byte[] input)
    {
        if (Parse(input) is not { } epoch)
        {
            return;
        }
        var written = JsonSerializer.SerializeToUtf8Bytes(epoch, EpochJson.Default.EpochConfig);
        var again = Parse(written);
        FuzzFindingException.ThrowUnless(again is not null && written.AsSpan().SequenceEqual(JsonSerializer.SerializeToUtf8Bytes(again, EpochJson.Default.EpochConfig)), "what was read is not what is written");
        foreach (var reason in EpochValidator.Validate(epoch, again))
        {
            FuzzFindingException.ThrowUnless(reason.Length > 0, "a reason without words");
        }
    }

    private static EpochConfig? Parse(byte[] json)
    {
        try
        {
            return EpochReader.Parse(json, "0000000007.json", 7);
        }
        catch (Exception e) when (e is JsonException or InvalidDataException or ControlStartException)
        {
            return null; // set aside, or a start that says why it cannot be
        }
    }
}
