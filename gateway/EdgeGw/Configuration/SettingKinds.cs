using System.Globalization;

namespace EdgeGw.Configuration;

/// <summary>A whole number with bounds.</summary>
internal sealed record IntegerSetting(
    string Key, Func<GatewaySettings, long> Get, Action<GatewaySettings, long> Set, long Minimum, long Maximum, string Meaning) : Setting(Key, Meaning)
{
    /// <inheritdoc/>
    public override string Type => "whole number";

    /// <inheritdoc/>
    public override string Range => string.Create(CultureInfo.InvariantCulture, $"{Minimum} to {Maximum}");

    /// <inheritdoc/>
    public override void Read(GatewaySettings settings, IReadOnlyList<string> values, string baseDirectory, List<string> errors)
    {
        if (!long.TryParse(values[0], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value))
            errors.Add($"'{values[0]}' is not a whole number ({Range})");
        else if (value < Minimum || value > Maximum)
            errors.Add($"{values[0]} is out of range ({Range})");
        else
            Set(settings, value);
    }

    /// <inheritdoc/>
    public override string Show(GatewaySettings settings) => Get(settings).ToString(CultureInfo.InvariantCulture);
}

/// <summary>A number with bounds, not necessarily whole.</summary>
internal sealed record NumberSetting(
    string Key, Func<GatewaySettings, double> Get, Action<GatewaySettings, double> Set, double Minimum, double Maximum, string Meaning) : Setting(Key, Meaning)
{
    /// <inheritdoc/>
    public override string Type => "number";

    /// <inheritdoc/>
    public override string Range => string.Create(CultureInfo.InvariantCulture, $"{Minimum} to {Maximum}");

    /// <inheritdoc/>
    public override void Read(GatewaySettings settings, IReadOnlyList<string> values, string baseDirectory, List<string> errors)
    {
        if (!double.TryParse(values[0], NumberStyles.Float, CultureInfo.InvariantCulture, out var value) || !double.IsFinite(value))
            errors.Add($"'{values[0]}' is not a number ({Range})");
        else if (value < Minimum || value > Maximum)
            errors.Add($"{values[0]} is out of range ({Range})");
        else
            Set(settings, value);
    }

    /// <inheritdoc/>
    public override string Show(GatewaySettings settings) => Get(settings).ToString(CultureInfo.InvariantCulture);
}

/// <summary>True or false.</summary>
internal sealed record BooleanSetting(string Key, Func<GatewaySettings, bool> Get, Action<GatewaySettings, bool> Set, string Meaning) : Setting(Key, Meaning)
{
    /// <inheritdoc/>
    public override string Type => "true or false";

    /// <inheritdoc/>
    public override string Range => "`true`, `false`";

    /// <inheritdoc/>
    public override void Read(GatewaySettings settings, IReadOnlyList<string> values, string baseDirectory, List<string> errors)
    {
        if (bool.TryParse(values[0], out var value))
            Set(settings, value);
        else
            errors.Add($"'{values[0]}' is neither true nor false");
    }

    /// <inheritdoc/>
    public override string Show(GatewaySettings settings) => Get(settings) ? "true" : "false";
}

/// <summary>A text that a rule accepts, and may rewrite.</summary>
/// <param name="Key">The key.</param>
/// <param name="Get">Reads it.</param>
/// <param name="Set">Writes it.</param>
/// <param name="Rule">Checks one value.</param>
/// <param name="Meaning">One sentence.</param>
internal sealed record TextSetting(string Key, Func<GatewaySettings, string?> Get, Action<GatewaySettings, string> Set, SettingRule Rule, string Meaning)
    : Setting(Key, Meaning)
{
    /// <inheritdoc/>
    public override string Type => "text";

    /// <inheritdoc/>
    public override string Range => Rule.Range;

    /// <inheritdoc/>
    public override void Read(GatewaySettings settings, IReadOnlyList<string> values, string baseDirectory, List<string> errors)
    {
        var value = values[0];
        if (Rule.Check(ref value, baseDirectory) is { } error)
            errors.Add(error);
        else
            Set(settings, value);
    }

    /// <inheritdoc/>
    public override string Show(GatewaySettings settings) => Get(settings) ?? "";
}

/// <summary>A list of texts, each accepted by a rule.</summary>
/// <param name="Key">The key.</param>
/// <param name="Get">Reads it.</param>
/// <param name="Set">Replaces it.</param>
/// <param name="Rule">Checks each item.</param>
/// <param name="AtLeast">The fewest items.</param>
/// <param name="Meaning">One sentence.</param>
internal sealed record ListSetting(
    string Key, Func<GatewaySettings, List<string>> Get, Action<GatewaySettings, List<string>> Set, SettingRule Rule, int AtLeast, string Meaning) : Setting(Key, Meaning)
{
    /// <summary>The most items of any list.</summary>
    public const int AtMost = 1_000;

    /// <inheritdoc/>
    public override string Type => "list of texts";

    /// <inheritdoc/>
    public override string Range => AtLeast > 0 ? $"at least {AtLeast}; {Rule.Range}" : Rule.Range;

    /// <inheritdoc/>
    public override bool IsList => true;

    /// <inheritdoc/>
    public override void Read(GatewaySettings settings, IReadOnlyList<string> values, string baseDirectory, List<string> errors)
    {
        var before = errors.Count;
        var items = new List<string>();
        foreach (var given in values.SelectMany(value => value.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)))
        {
            var item = given;
            if (Rule.Check(ref item, baseDirectory) is { } error)
                errors.Add(error);
            else if (items.Contains(item, StringComparer.OrdinalIgnoreCase))
                errors.Add($"'{item}' is in the list twice");
            else
                items.Add(item);
        }
        if (errors.Count == before && items.Count < AtLeast)
            errors.Add($"the list is empty (at least {AtLeast})");
        if (items.Count > AtMost)
            errors.Add($"the list has {items.Count} items (at most {AtMost})");
        if (errors.Count == before)
            Set(settings, items);
    }

    /// <inheritdoc/>
    public override string Show(GatewaySettings settings) => string.Join(';', Get(settings));
}
