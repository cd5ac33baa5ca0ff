using EdgeGw.Bundles;

namespace EdgeGw.Fuzz.Targets;

/// <summary>A bundle's archive: opened, or refused with a sentence; what is opened has names that stay inside, and no more bytes than are allowed.</summary>
internal static class ArchiveTarget
{
    private static readonly BundleBounds s_bounds = new(1 << 16, 1 << 16, 16);

    internal static void Run(byte[] input)
    {
        try
        {
            using var archive = BundleZip.Open(new MemoryStream(input), "b.zip", s_bounds);
            var total = 0L;
            foreach (var name in archive.Names)
            {
                FuzzFindingException.ThrowUnless(BundlePath.Fault(name) is null, "a name that leads elsewhere");
                using var content = archive.Open(name);
                var piece = new byte[4_096];
                while (content.Read(piece) is > 0 and var read)
                {
                    total += read;
                }
            }
            FuzzFindingException.ThrowUnless(total <= s_bounds.MaxUnpackedBytes, "more bytes than are allowed");
        }
        catch (BundleRefusedException e)
        {
            FuzzFindingException.ThrowUnless(!string.IsNullOrWhiteSpace(e.Message), "refused without a reason");
        }
    }
}
