namespace EdgeGw.Control.Changes;

/// <summary>One line of what a plan does.</summary>
/// <param name="Kind"><c>added</c>, <c>changed</c>, <c>removed</c> or <c>unchanged</c>.</param>
/// <param name="What">What it is about: <c>handler hello</c>, <c>service database:main</c>.</param>
/// <param name="Details">What is different, each a phrase; none when the kind says it.</param>
/// <param name="Breaking">Whether somebody who relied on it as it was may be let down: such a plan must be forced.</param>
internal sealed record PlannedChange(string Kind, string What, IReadOnlyList<string> Details, bool Breaking)
{
    internal const string Added = "added";
    internal const string Changed = "changed";
    internal const string Removed = "removed";
    internal const string Unchanged = "unchanged";
}
