namespace EdgeGw.Bench.Baseline;

/// <summary>What is different in a later run: times beyond the noise, allocations by the byte.</summary>
internal static class StepComparison
{
    // Of the difference of two means: what is beyond it is by chance in three runs of a thousand.
    private const double StandardErrors = 3;

    // Two runs on a shared machine differ by more than the iterations of one of them do among themselves.
    private const double LeastChange = 0.1;

    /// <summary>A line for each step that has moved, is new or is gone.</summary>
    /// <param name="before">The run it is compared with.</param>
    /// <param name="now">The later run.</param>
    /// <param name="isWhole">Whether all steps were run: one that is missing is gone.</param>
    public static IReadOnlyList<string> Moved(StepRun before, StepRun now, bool isWhole)
    {
        var known = before.Steps.ToDictionary(step => step.Name);
        var lines = new List<string>();
        foreach (var step in now.Steps)
        {
            if (!known.Remove(step.Name, out var earlier))
            {
                lines.Add(FormattableString.Invariant($"{step.Name}: new, {step.Nanoseconds:0.0} ns, {step.AllocatedBytes} B"));
                continue;
            }
            if (HasMoved(earlier, step))
            {
                lines.Add(FormattableString.Invariant($"{step.Name}: {step.Nanoseconds:0.0} ns, {step.Nanoseconds / earlier.Nanoseconds:0.00} of the {earlier.Nanoseconds:0.0} ns before"));
            }
            if (step.AllocatedBytes != earlier.AllocatedBytes)
            {
                lines.Add(FormattableString.Invariant($"{step.Name}: allocates {step.AllocatedBytes} B, {earlier.AllocatedBytes} B before"));
            }
        }
        if (isWhole)
        {
            lines.AddRange(known.Keys.Order(StringComparer.Ordinal).Select(name => $"{name}: gone"));
        }
        return lines;
    }

    private static bool HasMoved(StepFigure before, StepFigure now)
    {
        var difference = Math.Abs(now.Nanoseconds - before.Nanoseconds);
        return difference > StandardErrors * Math.Sqrt((before.Error * before.Error) + (now.Error * now.Error)) && difference > LeastChange * before.Nanoseconds;
    }
}
