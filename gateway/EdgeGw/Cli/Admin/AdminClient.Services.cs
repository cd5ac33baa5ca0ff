using System.Net.Http.Json;
using EdgeGw.Epochs;

namespace EdgeGw.Cli.Admin;

/// <summary>The calls about services.</summary>
internal sealed partial class AdminClient
{
    /// <summary>Every service.</summary>
    public Task<AdminReply<ServicesReply>> GetServicesAsync(CancellationToken cancel) => GetAsync("api/v1/services", CliJson.Default.ServicesReply, cancel);

    /// <summary>One service.</summary>
    public Task<AdminReply<ServiceReply>> GetServiceAsync(ServiceId id, CancellationToken cancel) => GetAsync(Url(id), CliJson.Default.ServiceReply, cancel);

    /// <summary>Adds or changes a service.</summary>
    public async Task<AdminReply<ChangeReply>> PutServiceAsync(ServiceBody service, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, Url(new ServiceId(service.Kind, service.Name))) { Content = JsonContent.Create(service, CliJson.Default.ServiceBody) };
        return await SendAsync(request, CliJson.Default.ChangeReply, cancel);
    }

    /// <summary>Has a service tried without keeping it.</summary>
    public async Task<AdminReply<ServiceTestReply>> TestServiceAsync(ServiceBody service, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "api/v1/services/test") { Content = JsonContent.Create(service, CliJson.Default.ServiceBody) };
        return await SendAsync(request, CliJson.Default.ServiceTestReply, cancel);
    }

    /// <summary>Removes a service.</summary>
    public async Task<AdminReply<ChangeReply>> RemoveServiceAsync(ServiceId id, bool force, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Delete, Url(id) + Force(force));
        return await SendAsync(request, CliJson.Default.ChangeReply, cancel);
    }

    /// <summary>Enables or disables a service.</summary>
    public async Task<AdminReply<ChangeReply>> EnableServiceAsync(ServiceId id, bool enabled, bool force, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Url(id) + (enabled ? "/enable" : "/disable") + Force(force));
        return await SendAsync(request, CliJson.Default.ChangeReply, cancel);
    }

    /// <summary>Applies those of a database's migrations that it does not have yet.</summary>
    public async Task<AdminReply<MigratedReply>> MigrateAsync(ServiceId id, IReadOnlyList<Migration> migrations, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Url(id) + "/migrate") { Content = JsonContent.Create(migrations, CliJson.Default.IReadOnlyListMigration) };
        return await SendAsync(request, CliJson.Default.MigratedReply, cancel);
    }

    private static string Url(ServiceId id) => $"api/v1/services/{Uri.EscapeDataString(id.Kind)}/{Uri.EscapeDataString(id.Name)}";

    private static string Force(bool force) => force ? "?force=true" : "";
}
