using EdgeGw.Control.Epochs;
using EdgeGw.Control.Storage;
using EdgeGw.Epochs;

namespace EdgeGw.Tests.Control;

/// <summary>Epochs to test with.</summary>
internal static class EpochSamples
{
    internal static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    internal static EpochHandler Handler(string name, int version, params string[] patterns) => new()
    {
        Name = name,
        Version = $"{version}.0.0",
        Sha256 = new string((char)('0' + (version % 10)), 64),
        File = name + ".so",
        Manifest = new Manifest
        {
            Name = name,
            Version = $"{version}.0.0",
            Routes = [.. patterns.DefaultIfEmpty($"/{name}").Select(pattern => new ManifestRoute { Method = "GET", Pattern = pattern })],
        },
    };

    internal static EpochHandler Needing(string name, params string[] services) =>
        With(Handler(name, 1), services);

    private static EpochHandler With(EpochHandler handler, string[] services) => handler with { Manifest = handler.Manifest with { Services = services } };

    internal static EpochService Service(string id, string provider, params (string Key, string Value)[] settings) =>
        ServiceId.TryParse(id, out var parsed)
            ? new EpochService { Kind = parsed.Kind, Name = parsed.Name, Provider = provider, Settings = settings.ToDictionary(pair => pair.Key, pair => pair.Value) }
            : throw new ArgumentException($"'{id}' is not {ServiceId.Form}");

    /// <summary>A PostgreSQL with everything that must be given.</summary>
    internal static EpochService Postgres(string id, params (string Key, string Value)[] settings) => Service(
        id, "postgres", [.. new (string Key, string Value)[] { ("host", "db.example.com"), ("database", "app"), ("user", "app") }.Where(pair => !settings.Any(s => s.Key == pair.Key)), .. settings]);

    internal static EpochStore Open(TestFolder folder, IDurableFiles? files = null, Action<string>? report = null) =>
        EpochStore.Open(folder.Root, files ?? new DurableFiles(), report ?? (problem => Assert.Fail(problem)));

    internal static EpochConfig Make(this EpochStore store, EpochConfig epoch)
    {
        store.Prepare(epoch);
        store.Commit(epoch);
        return epoch;
    }

    internal static EpochConfig Deploy(this EpochStore store, string name, int version) => store.Make(EpochHistory.Deploy(store, Handler(name, version), Now));

    /// <summary>"a1 b2": the handlers and their versions.</summary>
    internal static string Content(this EpochConfig? epoch) => string.Join(' ', (epoch?.Handlers ?? []).Select(h => h.Name + h.Version[..^4]));
}
