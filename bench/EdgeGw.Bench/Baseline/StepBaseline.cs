using System.Text.Json;

namespace EdgeGw.Bench.Baseline;

/// <summary>What one step costs.</summary>
/// <param name="Name">Class, method and parameters.</param>
/// <param name="Nanoseconds">Of one call, the mean of all iterations.</param>
/// <param name="Error">The standard error of that mean, in nanoseconds.</param>
/// <param name="AllocatedBytes">Managed bytes that a call allocates.</param>
internal sealed record StepFigure(string Name, double Nanoseconds, double Error, long AllocatedBytes);

/// <summary>All steps, measured in one go.</summary>
/// <param name="Runtime">How the code was compiled: jit or aot.</param>
/// <param name="Day">When.</param>
/// <param name="Machine">Where, and what else it did.</param>
/// <param name="Steps">The steps.</param>
internal sealed record StepRun(string Runtime, DateOnly Day, string Machine, IReadOnlyList<StepFigure> Steps);

/// <summary>What later runs are compared with: a run of each runtime, kept in the repository.</summary>
internal sealed record StepBaseline(IReadOnlyList<StepRun> Runs)
{
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>The run of a runtime, if it was kept.</summary>
    public StepRun? Of(string runtime) => Runs.FirstOrDefault(run => run.Runtime == runtime);

    /// <summary>With newer runs in the place of those of the same runtimes.</summary>
    public StepBaseline With(IReadOnlyList<StepRun> runs) => new([.. Runs.Where(kept => !runs.Any(run => run.Runtime == kept.Runtime)).Concat(runs).OrderBy(run => run.Runtime, StringComparer.Ordinal)]);

    /// <summary>Reads it; an empty one where there is none.</summary>
    public static StepBaseline Read(string file) =>
        File.Exists(file) ? JsonSerializer.Deserialize<StepBaseline>(File.ReadAllText(file), s_json) ?? throw new InvalidDataException($"{file} has no baseline in it.") : new([]);

    /// <summary>Writes it.</summary>
    public void Write(string file) => File.WriteAllText(file, JsonSerializer.Serialize(this, s_json) + "\n");
}
