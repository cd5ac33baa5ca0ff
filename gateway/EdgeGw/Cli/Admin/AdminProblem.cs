using System.Globalization;
using System.Net;
using System.Text.Json;
using EdgeGw.Cli.Output;

namespace EdgeGw.Cli.Admin;

/// <summary>Turns the gateway's errors (RFC 9457) into sentences.</summary>
internal static class AdminProblem
{
    /// <summary>Reads an answer that is no success. Its text becomes the exception's <see cref="CliException.Json"/> when it is a problem document.</summary>
    public static CliException Read(HttpStatusCode status, string text, string where)
    {
        ProblemReply? problem = null;
        try
        {
            problem = JsonSerializer.Deserialize(text, CliJson.Default.ProblemReply);
        }
        catch (JsonException)
        {
            // Not from the gateway itself: a proxy's page, say. The status has to do.
        }
        var reasons = problem?.Reasons?.Select(Printable.Escape).ToList() ?? [];
        var sentence = (problem?.Detail, problem?.Title) switch
        {
            ({ Length: > 0 } detail, _) => Printable.Escape(detail),
            (_, { Length: > 0 } title) => Printable.Escape(title),
            _ => string.Create(CultureInfo.InvariantCulture, $"{where} answered {(int)status} ({status})"),
        };
        if (status is HttpStatusCode.Unauthorized)
        {
            // An expired key is told from a wrong one, to who has it.
            sentence = problem?.Title?.StartsWith("The API key ", StringComparison.Ordinal) == true ? Printable.Escape(problem.Title)
                : $"{where} does not accept the token: give an API key or the contents of admin.token with --token or EDGEGW_TOKEN, or log in with 'edgegw login'";
        }
        // One reason that the sentence already gives need not be said twice.
        if (reasons is [var only] && sentence.Contains(only, StringComparison.Ordinal))
            reasons = [];
        return new(ExitCode.Failed, sentence, reasons) { Json = problem is null ? null : text };
    }
}
