using System.Text.Json;
using EdgeGw.Control.Changes;
using EdgeGw.Control.Observability;
using EdgeGw.Epochs;
using Microsoft.Data.Sqlite;

namespace EdgeGw.Control.Secrets;

/// <summary>The secrets that a worker is told, in memory alone: those that the services of its epoch name, and no others.</summary>
internal sealed class WorkerSecrets(SecretStore store, ControlLog log)
{
    private static readonly IReadOnlyDictionary<string, string> s_none = new Dictionary<string, string>();

    /// <summary>Those of an epoch's file; none when it has none, without looking further. What cannot be read is logged, and the services say what they miss.</summary>
    internal IReadOnlyDictionary<string, string> Of(string epochPath)
    {
        try
        {
            var bytes = epochPath.Length == 0 ? [] : File.ReadAllBytes(epochPath);
            return bytes.AsSpan().IndexOf("\"secret:"u8) < 0 ? s_none : Of(JsonSerializer.Deserialize(bytes, EpochJson.Default.EpochConfig)?.Services ?? []);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or SqliteException or ChangeRefusedException)
        {
            log.Error($"The secrets of '{epochPath}' cannot be given to the worker: {e.Message}");
            return s_none;
        }
    }

    /// <summary>Those of the services of one handler, for its own worker; none when they cannot be read, which is logged.</summary>
    internal IReadOnlyDictionary<string, string> OfHandler(IReadOnlyList<EpochService> services)
    {
        try
        {
            return Of(services);
        }
        catch (Exception e) when (e is SqliteException or ChangeRefusedException)
        {
            log.Error($"The secrets of {string.Join(", ", services)} cannot be given to their worker: {e.Message}");
            return s_none;
        }
    }

    /// <summary>Those of some services. Throws <see cref="ChangeRefusedException"/>.</summary>
    internal IReadOnlyDictionary<string, string> Of(IEnumerable<EpochService> services)
    {
        var names = services.SelectMany(service => service.Settings.Values).Select(SecretReference.SecretName).OfType<string>().Distinct().ToList();
        return names.Count == 0 ? s_none : store.Values(names);
    }
}
