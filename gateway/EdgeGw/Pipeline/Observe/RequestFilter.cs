using System.Globalization;
using System.Text;

namespace EdgeGw.Pipeline.Observe;

/// <summary>Which records somebody wants.</summary>
/// <param name="Handler">Of this handler alone; null: of all; empty: of what no route matched.</param>
/// <param name="Status">With this status (404), or of this class (5, for 5xx); 0: with any.</param>
/// <param name="RequestId">Of this request alone; null: of any.</param>
/// <param name="Traced">Traced ones alone.</param>
internal sealed record RequestFilter(string? Handler, int Status, string? RequestId, bool Traced)
{
    /// <summary>All of them.</summary>
    public static RequestFilter All { get; } = new(null, 0, null, false);

    /// <summary>Reads a status: <c>404</c> or <c>5xx</c>.</summary>
    public static bool TryReadStatus(string text, out int status)
    {
        var isClass = text.Length == 3 && text.EndsWith("xx", StringComparison.Ordinal);
        return int.TryParse(isClass ? text[..1] : text, NumberStyles.None, CultureInfo.InvariantCulture, out status) && (isClass ? status is >= 1 and <= 5 : status is >= 100 and <= 599);
    }

    /// <summary>Whether it takes a record.</summary>
    public bool Takes(RequestRecord record) =>
        (Handler is null || (record.Handler ?? "") == Handler) && (Status == 0 || record.Status == Status || record.Status / 100 == Status)
        && (RequestId is null || record.RequestId == RequestId) && (Traced ? record.Trace is not null : record.Why != "trace");

    /// <summary>The query by which a worker is asked.</summary>
    public string ToQuery()
    {
        var text = new StringBuilder("?status=").Append(CultureInfo.InvariantCulture, $"{Status}").Append(Traced ? "&traced=true" : "");
        foreach (var (name, value) in (ReadOnlySpan<(string, string?)>)[("handler", Handler), ("id", RequestId)])
        {
            if (value is not null)
            {
                text.Append('&').Append(name).Append('=').Append(Uri.EscapeDataString(value));
            }
        }
        return text.ToString();
    }
}
