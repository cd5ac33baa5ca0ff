namespace EdgeGw.Cli.Output;

/// <summary>Colours text, or leaves it alone.</summary>
/// <param name="Enabled">Whether escape sequences are wanted.</param>
internal readonly record struct Paint(bool Enabled)
{
    /// <summary>Done, live.</summary>
    public string Good(string text) => Wrap("32", text);

    /// <summary>Under way.</summary>
    public string Busy(string text) => Wrap("33", text);

    /// <summary>Failed.</summary>
    public string Bad(string text) => Wrap("31", text);

    /// <summary>Of less interest.</summary>
    public string Dim(string text) => Wrap("2", text);

    /// <summary>Of more interest.</summary>
    public string Bold(string text) => Wrap("1", text);

    /// <summary>A state of a version or a service, in its colour.</summary>
    public string State(string state) => state switch
    {
        "live" or "up" => Good(state),
        "loading" or "draining" => Busy(state),
        "failed" or "quarantined" or "down" => Bad(state),
        _ => Dim(state),
    };

    private string Wrap(string code, string text) => Enabled && text.Length > 0 ? $"\e[{code}m{text}\e[0m" : text;
}
