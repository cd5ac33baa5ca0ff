using System.Text.Json;
using EdgeGw.Control.Contracts;
using EdgeGw.Control.Epochs;
using EdgeGw.Configuration;
using EdgeGw.Epochs;
using EdgeGw.Pipeline.Match;

namespace EdgeGw.Fuzz.Targets;

/// <summary>A manifest: read or refused with a sentence; one that is read is written and read again as the same, deployable or refused with reasons, and no change against itself.</summary>
internal static class ManifestTarget
{
    internal static void Run(byte[] input)
    {
        if (!ManifestReader.TryRead(input, out var manifest, out var error))
        {
            FuzzFindingException.ThrowUnless(!string.IsNullOrWhiteSpace(error), "refused without a reason");
            return;
        }
        var written = JsonSerializer.SerializeToUtf8Bytes(manifest!, EpochJson.Default.Manifest);
        if (written.Length <= ManifestReader.MaxBytes)
        {
            FuzzFindingException.ThrowUnless(ManifestReader.TryRead(written, out var again, out var lost), $"what was read is refused when it is read again: {lost}");
            FuzzFindingException.ThrowUnless(written.AsSpan().SequenceEqual(JsonSerializer.SerializeToUtf8Bytes(again!, EpochJson.Default.Manifest)), "what was read is another when it is read again");
        }
        var handler = new EpochHandler { Name = manifest!.Name, Version = manifest.Version, Sha256 = new string('0', 64), File = manifest.Name + ".so", Manifest = manifest };
        var epoch = new EpochConfig { Number = 1, Created = DateTimeOffset.UnixEpoch, Action = "deploy", Reason = "fuzz", Handlers = [handler] };
        if (EpochValidator.Validate(epoch, null).Count > 0)
        {
            return;
        }
        // What validation lets pass, the worker can route.
        var table = new RouteTable<ManifestRoute>();
        foreach (var route in manifest.Routes)
        {
            FuzzFindingException.ThrowUnless(RoutePattern.TryParse(route.Pattern, out var pattern, out _) && table.TryAdd(route.Host, route.Method, pattern!, route), "a valid manifest whose routes the worker refuses");
        }
        FuzzFindingException.ThrowUnless(ContractDiff.Compare(handler, handler, new LimitSettings()).Count == 0, "a change against itself");
    }
}
