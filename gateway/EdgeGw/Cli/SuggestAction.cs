using System.CommandLine;
using System.CommandLine.Completions;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;

namespace EdgeGw.Cli;

/// <summary>
/// What <c>edgegw [suggest:POSITION] LINE</c> does, which the completion scripts call: prints what the word at the position may become, one candidate a line.
/// System.CommandLine's own action also offers what merely contains the word, and every option where an argument is expected.
/// </summary>
internal sealed class SuggestAction(CliHost host, SuggestDirective directive) : SynchronousCommandLineAction
{
    /// <inheritdoc/>
    public override bool ClearsParseErrors => true;

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        var line = parseResult.Tokens.LastOrDefault(token => token.Type != TokenType.Directive)?.Value ?? "";
        var position = int.TryParse(parseResult.GetResult(directive)?.Values is [var text, ..] ? text : null, out var given) ? Math.Clamp(given, 0, line.Length) : line.Length;
        var word = line[..position].Split(' ')[^1];
        foreach (var candidate in parseResult.RootCommandResult.Command.Parse(line).GetCompletions(position))
        {
            if (candidate.Label.StartsWith(word, StringComparison.Ordinal) && (word.Length > 0 || !candidate.Label.StartsWith('-')))
                host.Out.WriteLine(candidate.InsertText ?? candidate.Label);
        }
        return ExitCode.Done;
    }
}
