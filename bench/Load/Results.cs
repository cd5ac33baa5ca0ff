using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using EdgeGw.Tests.Support;

namespace EdgeGw.Load;

/// <summary>What a run leaves below bench/results, one set of files a day of a name: a page to read, a plot, and every round's figures as data.</summary>
internal static class Results
{
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web) { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Where they are kept.</summary>
    public static string Folder => Repository.Path("bench/results");

    /// <summary>Writes them; the page's path. A run of few rounds is a trial and is kept out of the repository.</summary>
    public static string Save(string name, Plan plan, Outcome outcome)
    {
        var folder = plan.IsTrial ? Repository.Path("artifacts/bench/results") : Folder;
        var start = Path.Combine(folder, $"{TimeProvider.System.GetUtcNow():yyyy-MM-dd}-{name}");
        Directory.CreateDirectory(folder);
        var page = outcome.Page;
        if (outcome.Measured.Count > 0)
        {
            File.WriteAllText(start + ".svg", Plot.Bars(outcome.Measured));
            page = page.TrimEnd() + $"\n\n![CPU per request and latency at half load]({Path.GetFileName(start)}.svg)\n";
        }
        if (outcome.Measured.Count > 0 || outcome.Figures.Count > 0)
        {
            File.WriteAllText(start + ".json", JsonSerializer.Serialize(outcome with { Page = "" }, s_json) + "\n");
        }
        File.WriteAllText(start + ".md", page);
        return Path.GetRelativePath(Repository.Root, start + ".md");
    }

    /// <summary>What was written as data.</summary>
    public static Outcome Read(string file)
    {
        using var stream = File.OpenRead(file);
        return JsonSerializer.Deserialize<Outcome>(stream, s_json) ?? throw new InvalidDataException($"{file} has no result in it.");
    }
}

/// <summary>What a case came to.</summary>
/// <param name="Page">Markdown.</param>
/// <param name="Measured">Contenders under load, the gateway first; none where that is not what the case asks.</param>
/// <param name="Figures">Single figures by name, a value a round.</param>
[method: JsonConstructor]
internal sealed record Outcome(string Page, IReadOnlyList<Measured> Measured, IReadOnlyDictionary<string, double[]> Figures)
{
    public Outcome(string page)
        : this(page, [], new Dictionary<string, double[]>())
    {
    }
}
