using System.Globalization;
using System.Text.Json;
using EdgeGw.Control.Storage;
using EdgeGw.Epochs;

namespace EdgeGw.Control.Epochs;

/// <summary>Reads the epochs folder at start.</summary>
internal static class EpochReader
{
    private const string Suffix = ".json";
    private const string DamagedSuffix = ".json.damaged";

    /// <summary>The valid epochs, oldest first, and the highest number ever used. Throws <see cref="ControlStartException"/> when there are files and
    /// none is valid: to start empty then would look like an undeploy of everything.</summary>
    internal static (IReadOnlyList<EpochConfig> Epochs, long Highest) Read(string folder, IDurableFiles files, Action<string> report)
    {
        var epochs = new SortedList<long, EpochConfig>();
        var damaged = new SortedList<long, string>();
        long highest = 0;
        foreach (var path in Directory.GetFiles(folder))
        {
            if (path.EndsWith(EpochStore.CandidateSuffix, StringComparison.Ordinal))
            {
                files.Delete(path);
            }
            else if (TryNumber(path, DamagedSuffix, out var number))
            {
                highest = Math.Max(highest, number);
            }
            else if (TryNumber(path, Suffix, out number))
            {
                highest = Math.Max(highest, number);
                try
                {
                    epochs.Add(number, Parse(File.ReadAllBytes(path), path, number));
                }
                catch (Exception e) when (e is JsonException or InvalidDataException)
                {
                    damaged.Add(number, $"{Path.GetFileName(path)} is damaged ({e.Message.TrimEnd('.')})");
                }
            }
        }

        if (damaged.Count > 0 && epochs.Count == 0)
        {
            throw new ControlStartException(
                $"No epoch in '{folder}' can be read: {damaged.Values[^1]}. Restore one from a backup, or empty that folder to start with nothing deployed.");
        }
        foreach (var (number, problem) in damaged)
        {
            // Out of the way, so that nothing takes it for the newest; kept, so that its number is not used again and a person can look.
            var path = Path.Combine(folder, FileName(number));
            files.Rename(path, Path.ChangeExtension(path, DamagedSuffix));
            report($"Epoch file {problem}; it was set aside, and epoch {epochs.Keys[^1]} is the desired state.");
        }
        return (ShareHandlers(epochs.Values), highest);
    }

    /// <summary>An epoch's file name.</summary>
    internal static string FileName(long number) => string.Create(CultureInfo.InvariantCulture, $"{number:d10}{Suffix}");

    private static bool TryNumber(string path, string suffix, out long number)
    {
        number = 0;
        return path.EndsWith(suffix, StringComparison.Ordinal)
            && long.TryParse(Path.GetFileName(path.AsSpan()[..^suffix.Length]), NumberStyles.None, CultureInfo.InvariantCulture, out number)
            && number > 0;
    }

    /// <summary>Reads an epoch's file, which must hold that number. Throws <see cref="JsonException"/> or <see cref="InvalidDataException"/> for a damaged one.</summary>
    internal static EpochConfig Parse(ReadOnlySpan<byte> json, string path, long number)
    {
        var epoch = JsonSerializer.Deserialize(json, EpochJson.Default.EpochConfig) ?? throw new InvalidDataException("it holds null");
        if (epoch.Format > EpochConfig.CurrentFormat)
        {
            throw new ControlStartException(
                $"The epoch '{path}' has format {epoch.Format} and this edgegw reads {EpochConfig.CurrentFormat}: run the newer edgegw that wrote it.");
        }
        // The JSON reader looks for null in members only, not inside of lists.
        if (epoch.Canaries.Any(canary => canary is null)
            || epoch.Handlers.Concat(epoch.Canaries.Select(canary => canary.Handler)).Any(handler => handler is null || handler.Manifest.HasHoles() || handler.Config.Values.Concat(handler.Services.Values).Any(value => value is null))
            || epoch.Services.Any(service => service is null || service.Settings.Values.Any(value => value is null)))
        {
            throw new InvalidDataException("it has null in the place of a handler, a service or a setting");
        }
        if (epoch.Number != number)
        {
            throw new InvalidDataException($"it holds epoch {epoch.Number}");
        }
        foreach (var handler in epoch.Handlers.Concat(epoch.Canaries.Select(canary => canary.Handler)))
        {
            // The worker makes a path of these.
            if (!EpochRules.IsName(handler.Name) || !EpochRules.IsSha256(handler.Sha256) || Path.GetFileName(handler.File) != handler.File)
            {
                throw new InvalidDataException($"handler '{handler.Name}' has an invalid name, hash or file name");
            }
        }
        foreach (var service in epoch.Services)
        {
            // So are these.
            if (!ManifestReader.IsName(service.Name) || !ServiceProviders.Kinds.Contains(service.Kind))
            {
                throw new InvalidDataException($"service '{service}' has an invalid kind or name");
            }
        }
        return epoch;
    }

    // Epochs repeat most of the one before: one object for each handler version keeps a long history small.
    private static List<EpochConfig> ShareHandlers(IEnumerable<EpochConfig> epochs)
    {
        var shared = new List<EpochConfig>();
        IReadOnlyList<EpochHandler> before = [];
        foreach (var epoch in epochs)
        {
            IReadOnlyList<EpochHandler> handlers = [.. epoch.Handlers.Select(handler =>
                before.FirstOrDefault(known => known.Name == handler.Name && EpochRules.SameDeployment(known, handler)) ?? handler)];
            shared.Add(epoch with { Handlers = handlers });
            before = handlers;
        }
        return shared;
    }
}
