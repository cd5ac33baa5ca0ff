using System.Security.Cryptography;
using EdgeGw.Control.Storage;

namespace EdgeGw.Services.Storage.Directory;

/// <summary>The secret that signs URLs: 32 random bytes in a file of mode 0600, made when first needed, shared by all workers of this gateway. Removing the file takes all URLs back
/// (after a restart).</summary>
internal sealed class PresignKey(string file)
{
    private const int Bytes = 32;

    private readonly Lazy<byte[]> _key = new(() => Read(file));

    /// <summary>The HMAC-SHA256 of a text.</summary>
    public byte[] Sign(string text) => HMACSHA256.HashData(_key.Value, System.Text.Encoding.UTF8.GetBytes(text));

    private static byte[] Read(string file)
    {
        if (!File.Exists(file))
        {
            Make(file);
        }
        var key = File.ReadAllBytes(file);
        return key.Length == Bytes ? key : throw new ServiceException(Abi.AbiResult.IoError, $"The file {Path.GetFileName(file)} in the state directory is damaged: remove it, and a new key is made.");
    }

    private static void Make(string file)
    {
        var made = $"{file}.{Guid.NewGuid():N}";
        new DurableFiles().Write(made, RandomNumberGenerator.GetBytes(Bytes));
        try
        {
            File.Move(made, file); // another worker's, if that was faster, stays
        }
        catch (IOException) when (File.Exists(file))
        {
            File.Delete(made);
        }
    }
}
