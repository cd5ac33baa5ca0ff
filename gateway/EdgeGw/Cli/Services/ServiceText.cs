using EdgeGw.Cli.Admin;

namespace EdgeGw.Cli.Services;

/// <summary>Services, for people.</summary>
internal static class ServiceText
{
    /// <summary>Names and providers.</summary>
    public static string List(IEnumerable<ServiceReply> services) => string.Join(", ", services.Select(service => $"{service.Id} ({service.Provider}{(service.Enabled ? "" : ", disabled")})"));

    /// <summary>What the worker says of it; without a worker, nothing is known.</summary>
    public static string State(ServiceReply service) => !service.Enabled ? "disabled" : service.Health?.State is { Length: > 0 } state ? Output.Printable.Escape(state) : "unknown";
}
