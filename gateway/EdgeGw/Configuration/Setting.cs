namespace EdgeGw.Configuration;

/// <summary>One key of the configuration: how it is read into <see cref="GatewaySettings"/>, shown, and described. The rows are in <see cref="SettingTable"/>.</summary>
/// <param name="Key">The key, as written in files' nesting with <c>:</c> between the levels.</param>
/// <param name="Meaning">One sentence for people, with the unit.</param>
internal abstract record Setting(string Key, string Meaning)
{
    /// <summary>The type, in words.</summary>
    public abstract string Type { get; }

    /// <summary>What values are allowed, in words.</summary>
    public abstract string Range { get; }

    /// <summary>Whether the value is a list, given by index or as one text with <c>;</c> between the items.</summary>
    public virtual bool IsList => false;

    /// <summary>Reads <paramref name="values"/> (one for a scalar) into <paramref name="settings"/>.</summary>
    /// <param name="settings">What is written to.</param>
    /// <param name="values">The values, as given.</param>
    /// <param name="baseDirectory">What relative file names are relative to.</param>
    /// <param name="errors">Takes a sentence for each thing that is wrong; nothing is written then.</param>
    public abstract void Read(GatewaySettings settings, IReadOnlyList<string> values, string baseDirectory, List<string> errors);

    /// <summary>The value in <paramref name="settings"/>, as it would be written.</summary>
    public abstract string Show(GatewaySettings settings);
}
