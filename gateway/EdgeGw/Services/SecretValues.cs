namespace EdgeGw.Services;

/// <summary>The secrets that control has told this worker, by name. They are in memory alone; any thread.</summary>
internal sealed class SecretValues
{
    private readonly Lock _lock = new();
    private volatile IReadOnlyDictionary<string, string> _values = new Dictionary<string, string>();

    /// <summary>Adds some, in place of those of the same name: an epoch that is still in force may need the others.</summary>
    public void Take(IReadOnlyDictionary<string, string> given)
    {
        lock (_lock)
        {
            var values = new Dictionary<string, string>(_values);
            foreach (var (name, value) in given)
            {
                values[name] = value;
            }
            _values = values;
        }
    }

    /// <summary>Where references are read: a variable of the process, or for <c>secret:NAME</c> (which no variable can be called) what control has told.</summary>
    public string? Look(string name) =>
        name.StartsWith("secret:", StringComparison.Ordinal) ? _values.GetValueOrDefault(name["secret:".Length..]) : Environment.GetEnvironmentVariable(name);
}
