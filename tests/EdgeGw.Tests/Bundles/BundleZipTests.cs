using System.IO.Compression;
using EdgeGw.Bundles;

namespace EdgeGw.Tests.Bundles;

/// <summary>An archive is looked at before anything of it is used.</summary>
public sealed class BundleZipTests
{
    [TestCase("../evil", "leads out of the bundle")]
    [TestCase("a/../../evil", "leads out of the bundle")]
    [TestCase("/etc/passwd", "no relative path")]
    [TestCase("C:evil", "no relative path")]
    [TestCase("a\\..\\evil", "no relative path")]
    [TestCase("a//b", "leads out of the bundle")]
    [TestCase("a\nb", "a character that no file's name")]
    [TestCase("a\u202Eb", "a character that no file's name")]
    public void A_name_that_leads_elsewhere_is_refused(string name, string reason) => Assert.That(Refused(BundleSamples.Zip((name, "x"))).Reasons.Single(), Does.Contain(reason));

    [TestCase("a", "a")]
    [TestCase("dir/A", "dir/a")]
    public void A_name_that_is_there_twice_is_refused(string one, string other) => Assert.That(Refused(BundleSamples.Zip((one, "x"), (other, "y"))).Reasons.Single(), Does.Contain("twice"));

    [TestCase(0xA1FF, "symbolic link")]
    [TestCase(0x2180, "device")]
    public void What_is_no_plain_file_is_refused(int mode, string reason)
    {
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            zip.CreateEntry("link").ExternalAttributes = mode << 16;
        }
        Assert.That(Refused(bytes.ToArray()).Reasons.Single(), Does.Contain(reason));
    }

    [Test]
    public void A_bomb_is_refused_by_what_it_says_of_itself()
    {
        var bomb = BundleSamples.Zip(("bundle.yaml", "bundle: 1"), ("zeros", new byte[5 << 20]));
        Assert.That(bomb, Has.Length.LessThan(20_000));
        Assert.That(Refused(bomb).Reasons.Single(), Is.EqualTo("Unpacked, its files have 5242889 bytes; 4194304 are allowed."));
    }

    [Test]
    public void A_bomb_that_lies_is_cut_off_where_it_said_it_would_end()
    {
        var lying = Lie(BundleSamples.Zip(("zeros", new byte[1 << 20])), 1 << 20, 10);
        using var files = BundleZip.Open(new MemoryStream(lying), "b.zip", BundleSamples.Bounds);
        Assert.That(() => files.Open("zeros").CopyTo(Stream.Null), Throws.TypeOf<BundleRefusedException>());
    }

    [Test]
    public void Bytes_that_were_changed_are_noticed()
    {
        var zip = BundleSamples.Zip(("a", "hello, hello, hello"), ("b", "x"));
        zip[35] ^= 0xff;
        using var files = BundleZip.Open(new MemoryStream(zip), "b.zip", BundleSamples.Bounds);
        Assert.That(() => files.Open("a").CopyTo(Stream.Null), Throws.TypeOf<BundleRefusedException>().With.Message.Contains("damaged"));
    }

    [Test]
    public void A_directory_of_too_many_files_is_refused_before_it_is_read()
    {
        var many = BundleSamples.Zip([.. Enumerable.Range(0, 101).Select(i => ($"f{i}", (object)""))]);
        Assert.That(Refused(many).Message, Does.Contain("has 101 files").And.Contain("100 files are allowed"));
    }

    [TestCase(0)]
    [TestCase(21)]
    [TestCase(50)]
    public void What_is_no_archive_is_said(int length) => Assert.That(Refused(new byte[length]).Message, Is.EqualTo("b.zip is not a zip archive, or is cut off."));

    [Test]
    public void A_folder_that_was_packed_as_a_whole_is_fine()
    {
        using var files = BundleZip.Open(new MemoryStream(BundleSamples.Zip(("shop/bundle.yaml", "bundle: 1"), ("shop/lib/a.so", "x"))), "b.zip", BundleSamples.Bounds);
        Assert.That((files.Has("bundle.yaml"), files.Has("lib/a.so")), Is.EqualTo((true, true)));
    }

    private static BundleRefusedException Refused(byte[] zip) =>
        Assert.Throws<BundleRefusedException>(() => BundleZip.Open(new MemoryStream(zip), "b.zip", BundleSamples.Bounds).Dispose())!;

    // The size stands in the directory, behind the marks of its entry.
    private static byte[] Lie(byte[] zip, int size, int said)
    {
        var changed = zip.ToArray();
        for (var at = 0; at < changed.Length - 4; at++)
        {
            if (BitConverter.ToInt32(changed, at) == size)
            {
                BitConverter.TryWriteBytes(changed.AsSpan(at), said);
            }
        }
        return changed;
    }
}
