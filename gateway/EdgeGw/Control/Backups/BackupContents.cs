using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace EdgeGw.Control.Backups;

/// <summary>What a backup says of itself, before everything else in it.</summary>
/// <param name="Format">How it is laid out.</param>
/// <param name="Created">When it was made.</param>
/// <param name="Program">The version of edgegw that made it.</param>
/// <param name="Epoch">The desired state in it; 0 for none.</param>
/// <param name="Files">Everything else in it, in its order.</param>
internal sealed record BackupContents(int Format, DateTimeOffset Created, string Program, long Epoch, IReadOnlyList<BackupFile> Files)
{
    /// <summary>The format that this code writes and reads.</summary>
    internal const int CurrentFormat = 1;

    /// <summary>The name of what it says of itself.</summary>
    internal const string EntryName = "backup.json";

    /// <summary>Whether somebody who has it can read the secrets in it, or come in.</summary>
    internal bool HasKeys => Files.Any(file => BackupNames.Keys.Contains(file.Name));

    /// <summary>Whether a file is in it.</summary>
    internal bool Has(string name) => Files.Any(file => file.Name == name);
}

/// <summary>A file of a backup.</summary>
/// <param name="Name">Its path below the state directory.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Sha256">Of its content, hexadecimal.</param>
internal sealed record BackupFile(string Name, long Bytes, string Sha256);

/// <summary>How it is written and read.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(BackupContents))]
internal sealed partial class BackupJson : JsonSerializerContext;

/// <summary>What of a state directory is in a backup. Nothing else is written or, out of an archive that somebody else made, put on the disk.</summary>
internal static partial class BackupNames
{
    internal const string Database = "control.db";
    internal const string SecretsKey = "secrets.key";

    /// <summary>What opens the secrets or the gateway: only by wish.</summary>
    internal static readonly string[] Keys = [SecretsKey, "admin.token", "storage-presign.key"];

    /// <summary>Small files of the folder itself.</summary>
    internal static readonly string[] Small = ["edgegw.json", "setup.done"];

    /// <summary>Whether it is an epoch's file.</summary>
    internal static bool IsEpoch(string name) => Epoch().IsMatch(name);

    /// <summary>Whether it is a library's file.</summary>
    internal static bool IsLibrary(string name) => Library().IsMatch(name);

    /// <summary>Whether it is the report of a crash.</summary>
    internal static bool IsCrash(string name) => Crash().IsMatch(name);

    /// <summary>Whether a backup may hold it: a path of these and no other can come of its name.</summary>
    internal static bool IsKnown(string name) => name == Database || Keys.Contains(name) || Small.Contains(name) || IsEpoch(name) || IsLibrary(name) || IsCrash(name);

    [GeneratedRegex(@"^epochs/[0-9]{10}\.json\z")]
    private static partial Regex Epoch();

    [GeneratedRegex(@"^artifacts/[0-9a-f]{64}/[A-Za-z0-9_-][A-Za-z0-9._-]{0,199}\z")]
    private static partial Regex Library();

    [GeneratedRegex(@"^crashes/[0-9]{10}\.json\z")]
    private static partial Regex Crash();
}

/// <summary>A backup that cannot be made or restored: nothing was changed.</summary>
internal sealed class BackupException(string message) : Exception(message);
