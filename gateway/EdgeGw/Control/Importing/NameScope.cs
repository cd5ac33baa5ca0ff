using System.Globalization;

namespace EdgeGw.Control.Importing;

/// <summary>Gives each thing of a scope a name of its own.</summary>
/// <param name="taken">Names that nothing may have.</param>
internal sealed class NameScope(params IEnumerable<string> taken)
{
    // Two names that differ by case alone are two to the compiler and one to a reader, and to some file systems.
    private readonly HashSet<string> _taken = new(taken, StringComparer.OrdinalIgnoreCase);

    /// <summary>The name itself, or with a number behind it.</summary>
    internal string Take(string name)
    {
        var unique = name;
        for (var number = 2; !_taken.Add(unique); number++)
        {
            unique = name + number.ToString(CultureInfo.InvariantCulture);
        }
        return unique;
    }
}
