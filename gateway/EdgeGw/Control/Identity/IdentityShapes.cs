using System.Text.Json.Serialization;

namespace EdgeGw.Control.Identity;

// The documents of docs/admin-api.md about who may do what, member for member.

internal sealed record SetupDocument(bool Needed, int PasswordLength);

internal sealed record SetupRequest(string? Token, string? User, string? Password);

internal sealed record LoginRequest(string? User, string? Password);

internal sealed record PasswordRequest(string? Old, string? New);

/// <summary><paramref name="Csrf"/> is null for who came with a key.</summary>
internal sealed record SessionDocument(string User, string Kind, IReadOnlyList<string> Scopes, string? Csrf, DateTimeOffset? Expires);

internal sealed record UserDocument(string Name, long Revision, IReadOnlyList<string> Scopes, bool Enabled, DateTimeOffset Created, DateTimeOffset? LastLogin);

internal sealed record UsersDocument(IReadOnlyList<UserDocument> Items, string? Next);

internal sealed record UserRequest(string? Name, string? Password, IReadOnlyList<string?>? Scopes, bool? Enabled);

internal sealed record KeyDocument(
    string Id, long Revision, string Name, IReadOnlyList<string> Scopes, DateTimeOffset Created, string CreatedBy, DateTimeOffset? Expires, DateTimeOffset? LastUsed, bool Expired)
{
    /// <summary>The key itself: in the answer that makes it, and never again.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Key { get; init; }
}

internal sealed record KeysDocument(IReadOnlyList<KeyDocument> Items, string? Next);

internal sealed record KeyRequest(string? Name, IReadOnlyList<string?>? Scopes, DateTimeOffset? Expires);

internal sealed record AuditDocument(IReadOnlyList<AuditEntry> Items, string? Next);

/// <summary>How they are written and read.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(SetupDocument))]
[JsonSerializable(typeof(SetupRequest))]
[JsonSerializable(typeof(LoginRequest))]
[JsonSerializable(typeof(PasswordRequest))]
[JsonSerializable(typeof(SessionDocument))]
[JsonSerializable(typeof(UserDocument))]
[JsonSerializable(typeof(UsersDocument))]
[JsonSerializable(typeof(UserRequest))]
[JsonSerializable(typeof(KeyDocument))]
[JsonSerializable(typeof(KeysDocument))]
[JsonSerializable(typeof(KeyRequest))]
[JsonSerializable(typeof(AuditDocument))]
internal sealed partial class IdentityJson : JsonSerializerContext;
