namespace EdgeGw.Cli.Admin;

/// <content>Canaries.</content>
internal sealed partial class AdminClient
{
    /// <summary>The canaries that run, and those that have ended.</summary>
    public Task<AdminReply<CanariesReply>> GetCanariesAsync(CancellationToken cancel) => GetAsync("api/v1/canaries", CliJson.Default.CanariesReply, cancel);

    /// <summary>Puts a handler's canary in the place of its live version.</summary>
    public Task<AdminReply<ChangeReply>> PromoteAsync(string handler, CancellationToken cancel) => EndCanaryAsync(handler, "promote", cancel);

    /// <summary>Ends a handler's canary.</summary>
    public Task<AdminReply<ChangeReply>> AbortAsync(string handler, CancellationToken cancel) => EndCanaryAsync(handler, "abort", cancel);

    private async Task<AdminReply<ChangeReply>> EndCanaryAsync(string handler, string how, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"api/v1/canaries/{Uri.EscapeDataString(handler)}/{how}");
        return await SendAsync(request, CliJson.Default.ChangeReply, cancel);
    }
}
