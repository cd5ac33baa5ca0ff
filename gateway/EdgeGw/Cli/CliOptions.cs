using System.CommandLine;
using System.Globalization;

namespace EdgeGw.Cli;

/// <summary>Kinds of options that several commands have, each with its own sentence when the value is wrong.</summary>
internal static class CliOptions
{
    private static readonly TimeSpan DefaultReconnect = TimeSpan.FromMinutes(1);

    /// <summary>A duration with its unit, read as milliseconds.</summary>
    public static Option<int?> Duration(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "TIME",
        CustomParser = result =>
        {
            if (Quantity.TryDuration(result.Tokens[0].Value, out var milliseconds) is { } error)
                result.AddError($"{name}: {error}");
            return milliseconds;
        },
    };

    /// <summary>How long a connection that broke is tried again.</summary>
    public static Option<int?> Reconnect() => Duration("--reconnect", "How long a broken connection is tried again, such as 10m; 0s: not at all (default: 1m)");

    /// <summary>What <see cref="Reconnect"/> was given.</summary>
    public static TimeSpan Patience(this ParseResult parse, Option<int?> reconnect) => parse.GetValue(reconnect) is { } milliseconds ? TimeSpan.FromMilliseconds(milliseconds) : DefaultReconnect;

    /// <summary>A size with its unit, read as bytes.</summary>
    public static Option<long?> Size(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "SIZE",
        CustomParser = result =>
        {
            if (Quantity.TrySize(result.Tokens[0].Value, out var bytes) is { } error)
                result.AddError($"{name}: {error}");
            return bytes;
        },
    };

    /// <summary>A whole number with bounds.</summary>
    public static Option<int?> Count(string name, string helpName, string description, int minimum, int maximum, int? defaultValue = null) => new(name)
    {
        Description = description,
        HelpName = helpName,
        DefaultValueFactory = _ => defaultValue,
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= minimum && value <= maximum)
                return value;
            result.AddError(string.Create(CultureInfo.InvariantCulture, $"{name}: '{text}' is not a whole number from {minimum} to {maximum}"));
            return null;
        },
    };

    /// <summary>A share, with its per cent sign or without.</summary>
    public static Option<double?> Percent(string name, string description, double minimum, double maximum) => new(name)
    {
        Description = description,
        HelpName = "PERCENT",
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (double.TryParse(text.AsSpan().TrimEnd('%'), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) && value >= minimum && value <= maximum)
                return value;
            result.AddError(string.Create(CultureInfo.InvariantCulture, $"{name}: '{text}' is not a share from {minimum}% to {maximum}%"));
            return null;
        },
    };

    /// <summary>One <c>key=value</c> each time it is given.</summary>
    public static Option<string[]> Pairs(string name, string helpName, string description) => new(name)
    {
        Description = description,
        HelpName = helpName,
        AllowMultipleArgumentsPerToken = false,
        CustomParser = result =>
        {
            var pairs = result.Tokens.Select(token => token.Value).ToArray();
            foreach (var pair in pairs.Where(pair => pair.IndexOf('=', StringComparison.Ordinal) <= 0))
                result.AddError($"{name}: '{pair}' is not {helpName.ToLowerInvariant()}");
            foreach (var twice in pairs.Select(pair => pair.Split('=')[0]).GroupBy(key => key, StringComparer.OrdinalIgnoreCase).Where(group => group.Count() > 1))
                result.AddError($"{name}: {twice.Key} is given twice");
            return pairs;
        },
    };
}
