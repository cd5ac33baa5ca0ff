using System.Globalization;
using EdgeGw.Cli.Admin;

namespace EdgeGw.Cli.Output;

/// <summary>What a change of many things does, for people.</summary>
internal static class PlanText
{
    /// <summary>Writes it like a diff: <c>+</c> and <c>-</c> for what comes and goes, <c>~</c> for what is different, <c>!</c> for what stays although it should not, and what does not change as a number.</summary>
    public static void Write(IReadOnlyList<PlanLineReply> diff, CliHost host)
    {
        var (writer, paint) = (host.Out, host.Paint);
        foreach (var line in diff)
        {
            var what = Printable.Escape(line.What);
            switch (line.Kind)
            {
                case "added":
                    writer.WriteLine($"  {paint.Good("+ " + what)}");
                    break;
                case "removed":
                    writer.WriteLine($"  {paint.Bad("- " + what)}");
                    break;
                case "conflict":
                    writer.WriteLine($"  {paint.Busy("! " + what)}");
                    break;
                case "unchanged":
                    continue;
                default:
                    writer.WriteLine($"  {paint.Busy("~ " + what)}");
                    break;
            }
            foreach (var detail in line.Details.Select(Printable.Escape))
                writer.WriteLine($"      {(detail.EndsWith("(breaking)", StringComparison.Ordinal) ? paint.Bad(detail) : detail)}");
        }
        if (diff.Count(line => line.Kind == "unchanged") is > 0 and var unchanged)
            writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {paint.Dim($"= {unchanged} unchanged")}"));
    }
}
