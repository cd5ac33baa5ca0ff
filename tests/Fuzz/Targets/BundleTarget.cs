using EdgeGw.Bundles;
using EdgeGw.Documents;
using EdgeGw.Epochs;

namespace EdgeGw.Fuzz.Targets;

/// <summary>A bundle's document: read, or refused with sentences that name a place; one that is read, and deployed as it says, is written and read again as the same.</summary>
internal static class BundleTarget
{
    internal static void Run(byte[] input)
    {
        var faults = new DocumentFaults(Bundle.File);
        var bundle = Read(input, faults);
        FuzzFindingException.ThrowUnless(bundle is null == faults.Count > 0, "neither a bundle nor a reason, or both");
        if (bundle is null)
        {
            FuzzFindingException.ThrowUnless(faults.All.All(fault => fault.StartsWith("bundle.yaml", StringComparison.Ordinal) && !fault.Contains('\n', StringComparison.Ordinal)), "a reason without its file, or of several lines");
            return;
        }
        var epoch = Deployed(bundle);
        var written = BundleDocument.Of(epoch);
        if (written.Length > BundleReader.Bounds.MaxBytes)
        {
            return;
        }
        var again = Read(written, faults);
        FuzzFindingException.ThrowUnless(again is not null, $"what was written is refused: {string.Join(' ', faults.All)}");
        FuzzFindingException.ThrowUnless(written.AsSpan().SequenceEqual(BundleDocument.Of(Deployed(again!))), "what was written is another when it is read again");
    }

    private static Bundle? Read(byte[] input, DocumentFaults faults) => BundleReader.Read(input, new BundleVariables(name => name.Length > 4 ? null : name, faults), _ => true, faults);

    private static EpochConfig Deployed(Bundle bundle) => new()
    {
        Number = 1,
        Created = DateTimeOffset.UnixEpoch,
        Action = "apply",
        Reason = "fuzz",
        Services = bundle.Services,
        Handlers =
        [
            .. bundle.Handlers.Select(handler => new EpochHandler
            {
                Name = handler.Options.Name!,
                Version = "1",
                Sha256 = new string('0', 64),
                File = "f.so",
                Host = handler.Options.Host,
                Prefix = handler.Options.Prefix,
                DrainMs = handler.Options.DrainMs ?? 1,
                Limits = handler.Options.Limits,
                Config = handler.Options.Config,
                Services = handler.Options.Services,
                Manifest = new Manifest { Name = handler.Options.Name!, Routes = [] },
            }),
        ],
    };
}
