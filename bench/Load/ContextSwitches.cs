using System.Globalization;

namespace EdgeGw.Load;

/// <summary>How often the threads of processes gave up a core or lost it. A thread that ends takes its count along, so only those of both looks count.</summary>
internal sealed class ContextSwitches
{
    private readonly Dictionary<string, long> _before;
    private readonly IReadOnlyList<int> _processes;

    private ContextSwitches(IReadOnlyList<int> processes)
    {
        _processes = processes;
        _before = Look(processes);
    }

    /// <summary>Begins to count.</summary>
    public static ContextSwitches Of(IReadOnlyList<int> processes) => new(processes);

    /// <summary>Voluntary and involuntary ones since the beginning.</summary>
    public long Count() => Look(_processes).Sum(thread => thread.Value - _before.GetValueOrDefault(thread.Key));

    private static Dictionary<string, long> Look(IReadOnlyList<int> processes)
    {
        var found = new Dictionary<string, long>();
        foreach (var thread in processes.SelectMany(pid => Directory.GetDirectories($"/proc/{pid}/task")))
        {
            try
            {
                found[thread] = File.ReadLines($"{thread}/status").Where(line => line.Contains("voluntary_ctxt_switches:", StringComparison.Ordinal))
                    .Sum(line => long.Parse(line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..], CultureInfo.InvariantCulture));
            }
            catch (IOException)
            {
                // It has just ended.
            }
        }
        return found;
    }
}
