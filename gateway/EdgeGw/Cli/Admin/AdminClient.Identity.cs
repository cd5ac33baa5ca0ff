using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Serialization.Metadata;

namespace EdgeGw.Cli.Admin;

/// <content>The calls about who may do what.</content>
internal sealed partial class AdminClient
{
    // As many as the Admin API gives at once.
    private const int LargestPage = 1_000;

    /// <summary>Who one is, there.</summary>
    public Task<AdminReply<SessionReply>> GetSessionAsync(CancellationToken cancel) => GetAsync("api/v1/session", CliJson.Default.SessionReply, cancel);

    /// <summary>A page of a list, after one of its items.</summary>
    public Task<AdminReply<PageReply<T>>> GetPageAsync<T>(string list, string? after, JsonTypeInfo<PageReply<T>> type, CancellationToken cancel) =>
        GetAsync(string.Create(CultureInfo.InvariantCulture, $"api/v1/{list}?limit={LargestPage}") + (after is null ? "" : "&after=" + Uri.EscapeDataString(after)), type, cancel);

    /// <summary>One user.</summary>
    public Task<AdminReply<UserReply>> GetUserAsync(string name, CancellationToken cancel) => GetAsync(One("users", name), CliJson.Default.UserReply, cancel);

    /// <summary>Makes a user.</summary>
    public Task<AdminReply<UserReply>> AddUserAsync(UserBody user, CancellationToken cancel) =>
        SendAsync(HttpMethod.Post, "api/v1/users", user, CliJson.Default.UserBody, null, CliJson.Default.UserReply, cancel);

    /// <summary>Changes a user that is still as he was read.</summary>
    public Task<AdminReply<UserReply>> ChangeUserAsync(string name, long revision, UserBody user, CancellationToken cancel) =>
        SendAsync(HttpMethod.Put, One("users", name), user, CliJson.Default.UserBody, revision, CliJson.Default.UserReply, cancel);

    /// <summary>Removes a user.</summary>
    public Task RemoveUserAsync(string name, CancellationToken cancel) => DeleteAsync(One("users", name), cancel);

    /// <summary>Makes an API key.</summary>
    public Task<AdminReply<KeyReply>> AddKeyAsync(KeyBody key, CancellationToken cancel) =>
        SendAsync(HttpMethod.Post, "api/v1/keys", key, CliJson.Default.KeyBody, null, CliJson.Default.KeyReply, cancel);

    /// <summary>Removes an API key.</summary>
    public Task RemoveKeyAsync(string id, CancellationToken cancel) => DeleteAsync(One("keys", id), cancel);

    /// <summary>Sets a secret.</summary>
    public Task<AdminReply<SecretReply>> SetSecretAsync(string name, string value, CancellationToken cancel) =>
        SendAsync(HttpMethod.Put, One("secrets", name), new SecretBody(value), CliJson.Default.SecretBody, null, CliJson.Default.SecretReply, cancel);

    /// <summary>Removes a secret.</summary>
    public Task RemoveSecretAsync(string name, bool force, CancellationToken cancel) => DeleteAsync(One("secrets", name) + Force(force), cancel);

    /// <summary>The newest entries of the audit log.</summary>
    public Task<AdminReply<AuditReply>> GetAuditAsync(int limit, string? who, CancellationToken cancel) =>
        GetAsync(string.Create(CultureInfo.InvariantCulture, $"api/v1/audit?limit={limit}") + (who is null ? "" : "&who=" + Uri.EscapeDataString(who)), CliJson.Default.AuditReply, cancel);

    private static string One(string list, string name) => $"api/v1/{list}/{Uri.EscapeDataString(name)}";

    private async Task<AdminReply<TReply>> SendAsync<TBody, TReply>(
        HttpMethod method, string url, TBody body, JsonTypeInfo<TBody> bodyType, long? revision, JsonTypeInfo<TReply> replyType, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(method, url) { Content = JsonContent.Create(body, bodyType) };
        if (revision is not null)
            request.Headers.IfMatch.Add(new EntityTagHeaderValue(string.Create(CultureInfo.InvariantCulture, $"\"{revision}\"")));
        return await SendAsync(request, replyType, cancel);
    }

    private async Task DeleteAsync(string url, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Delete, url);
        request.Headers.IfMatch.Add(EntityTagHeaderValue.Any);
        using var response = await Reach(() => _http.SendAsync(request, cancel), cancel);
        if (!response.IsSuccessStatusCode)
            throw AdminProblem.Read(response.StatusCode, await Reach(() => response.Content.ReadAsStringAsync(cancel), cancel), _where);
    }
}
