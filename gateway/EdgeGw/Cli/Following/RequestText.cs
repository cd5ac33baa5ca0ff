using System.Globalization;
using EdgeGw.Cli.Admin;
using EdgeGw.Cli.Output;

namespace EdgeGw.Cli.Following;

/// <summary>A request that was answered, in few words.</summary>
internal static class RequestText
{
    /// <summary>Method, path, status and time; and what the handler said of its failure.</summary>
    public static string Format(RequestReply request, CliHost host)
    {
        var error = request.Error is null ? "" : " " + host.Paint.Bad(Printable.Escape(request.Error.ReplaceLineEndings(" ")));
        return $"{Printable.Escape($"{request.Method} {request.Path}")} {Status(request.Status, host.Paint)} {host.Paint.Dim(Human.Time(request.Ms))}{error}";
    }

    /// <summary>A status in its colour.</summary>
    public static string Status(int status, Paint paint)
    {
        var text = status.ToString(CultureInfo.InvariantCulture);
        return status switch { >= 500 => paint.Bad(text), >= 400 => paint.Busy(text), _ => paint.Good(text) };
    }
}
