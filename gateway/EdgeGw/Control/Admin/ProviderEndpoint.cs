using System.Text.Json.Serialization;
using EdgeGw.Epochs;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EdgeGw.Control.Admin;

/// <summary>What services can be made of: every provider and its settings, as validation knows them. Forms are made from it.</summary>
internal static class ProviderEndpoint
{
    private static readonly ProvidersDocument s_document = new([.. ServiceProviders.All.Select(provider => new ProviderDocument(
        provider.Kind, provider.Name, provider.PoolSize,
        [.. provider.Settings.Select(setting => new ProviderSettingDocument(
            setting.Key, setting.Value.Type, setting.Value.Range, setting.Value.IsSecret, setting.Default is null, setting.Default ?? "", setting.Meaning))]))]);

    internal static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/v1/services/providers", context => context.Response.WriteAsJsonAsync(s_document, ProviderJson.Default.ProvidersDocument, cancellationToken: context.RequestAborted));
}

internal sealed record ProvidersDocument(IReadOnlyList<ProviderDocument> Providers);

internal sealed record ProviderDocument(string Kind, string Name, int PoolSize, IReadOnlyList<ProviderSettingDocument> Settings);

internal sealed record ProviderSettingDocument(string Key, string Type, string Range, bool Secret, bool Required, string Default, string Meaning);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ProvidersDocument))]
internal sealed partial class ProviderJson : JsonSerializerContext;
