using System.Text;
using System.Text.Json.Serialization;
using EdgeGw.Control.Admin;
using EdgeGw.Control.Changes;
using EdgeGw.Control.Epochs;
using EdgeGw.Control.Identity;
using EdgeGw.Epochs;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EdgeGw.Control.Secrets;

/// <summary>A secret as the Admin API shows it, which is without its value. <paramref name="UsedBy"/> are the services in force that name it.</summary>
internal sealed record SecretDocument(string Name, long Revision, DateTimeOffset Changed, string ChangedBy, IReadOnlyList<string> UsedBy);

internal sealed record SecretsDocument(IReadOnlyList<SecretDocument> Items, string? Next);

internal sealed record SecretRequest(string? Value);

/// <summary>How they are written and read.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(SecretDocument))]
[JsonSerializable(typeof(SecretsDocument))]
[JsonSerializable(typeof(SecretRequest))]
internal sealed partial class SecretJson : JsonSerializerContext;

/// <summary>Secrets: put in, never taken out.</summary>
internal sealed class SecretEndpoints(SecretStore secrets, EpochStore epochs)
{
    // JSON may need six bytes for one character.
    private const int MaxBodyBytes = (6 * SecretReference.MaxBytes) + 1_024;

    internal void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/v1/secrets", ListAsync);
        routes.MapPut("/api/v1/secrets/{name}", PutAsync);
        routes.MapDelete("/api/v1/secrets/{name}", RemoveAsync);
    }

    private Task ListAsync(HttpContext context)
    {
        var (page, next) = Paging.Read(context, secrets.List, secret => secret.Name);
        return context.Response.WriteAsJsonAsync(new SecretsDocument([.. page.Select(Document)], next), SecretJson.Default.SecretsDocument, cancellationToken: context.RequestAborted);
    }

    private async Task PutAsync(HttpContext context)
    {
        var name = Name(context);
        if (!ManifestReader.IsName(name))
        {
            throw new ChangeRefusedException(422, "A secret's name has letters, digits, '.', '_' and '-', at least one letter or digit, and at most 64 of them.");
        }
        var value = (await JsonBody.ReadAsync(context, SecretJson.Default.SecretRequest, MaxBodyBytes))?.Value;
        if (value is not { Length: > 0 } || value.Contains('\0', StringComparison.Ordinal) || Encoding.UTF8.GetByteCount(value) > SecretReference.MaxBytes)
        {
            throw new ChangeRefusedException(422, $"'value' must be text of 1 to {SecretReference.MaxBytes} bytes without a zero byte.");
        }
        var secret = secrets.Put(name, value, Principal.Of(context)!.Name);
        context.Response.StatusCode = secret.Revision == 1 ? StatusCodes.Status201Created : StatusCodes.Status200OK;
        Revision.Show(context, secret.Revision);
        AuditNote.Write(context, $"secret '{name}'");
        await context.Response.WriteAsJsonAsync(Document(secret), SecretJson.Default.SecretDocument, cancellationToken: context.RequestAborted);
    }

    private Task RemoveAsync(HttpContext context)
    {
        var name = Name(context);
        if (!secrets.Has(name))
        {
            throw new ChangeRefusedException(404, $"There is no secret '{name}'.");
        }
        if (context.Request.Query["force"] is not ["true"] && UsedBy(name) is { Count: > 0 } users)
        {
            throw new ChangeRefusedException(409, $"The secret '{name}' is used by {string.Join(", ", users)}; change those first, or delete it all the same with --force (force=true).");
        }
        secrets.Remove(name);
        AuditNote.Write(context, $"secret '{name}'");
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    private static string Name(HttpContext context) => (string)context.Request.RouteValues["name"]!;

    private SecretDocument Document(SecretName secret) => new(secret.Name, secret.Revision, secret.Changed, secret.ChangedBy, UsedBy(secret.Name));

    private List<string> UsedBy(string name) =>
        [.. (epochs.Current?.Services ?? []).Where(service => service.Settings.Values.Any(value => SecretReference.SecretName(value) == name)).Select(service => service.Id.ToString())];
}
