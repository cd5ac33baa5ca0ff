using System.CommandLine;

namespace EdgeGw.Cli;

/// <summary><c>edgegw completion</c>: the script that makes a shell complete commands, options and the names of deployed handlers.</summary>
internal static class CompletionCommand
{
    // Each script hands the line to the program itself ('[suggest:POSITION]'), whose answer is one candidate a line; files are completed where it has none.
    private const string Bash = """
        # edgegw completion for bash:  source <(edgegw completion bash)
        _edgegw() {
            local word="${COMP_WORDS[COMP_CWORD]}" line="edgegw ${COMP_LINE#* }" IFS=$'\n'
            # The line is handed over up to the cursor; its first word, however it was typed, counts as 'edgegw'.
            local head="${COMP_LINE:0:COMP_POINT}"
            line="edgegw ${head#* }"
            COMPREPLY=($(compgen -W "$("${COMP_WORDS[0]}" "[suggest:${#line}]" "$line" 2>/dev/null)" -- "$word"))
        }
        complete -o default -F _edgegw edgegw

        """;

    private const string Zsh = """
        #compdef edgegw
        # edgegw completion for zsh:  source <(edgegw completion zsh), or save it as _edgegw in a folder of $fpath
        _edgegw() {
            local head="${(j: :)words[1,CURRENT]}"
            local line="edgegw ${head#* }"
            local -a candidates=("${(@f)$(${words[1]} "[suggest:${#line}]" "$line" 2>/dev/null)}")
            candidates=(${candidates:#})
            if (( ${#candidates} )); then compadd -a candidates; fi
            _files
        }
        if [[ "${funcstack[1]}" == _edgegw ]]; then _edgegw "$@"; else compdef _edgegw edgegw; fi

        """;

    private const string Fish = """
        # edgegw completion for fish:  edgegw completion fish | source
        function __edgegw_complete
            set -l tokens (commandline -opc)
            set -l line (string join ' ' -- edgegw $tokens[2..-1] (commandline -ct | string collect --allow-empty))
            $tokens[1] "[suggest:"(string length -- $line)"]" "$line" 2>/dev/null
        end
        complete -c edgegw -a '(__edgegw_complete)'

        """;

    /// <summary>Makes the command.</summary>
    public static Command Create(CliHost host)
    {
        var shell = new Argument<string>("shell") { Description = "bash, zsh or fish" };
        shell.AcceptOnlyFromAmong("bash", "zsh", "fish");
        var command = new Command("completion", "Print the script that makes a shell complete edgegw's command line") { shell };
        command.SetAction(parse =>
        {
            host.Out.Write(parse.GetValue(shell) switch { "bash" => Bash, "zsh" => Zsh, _ => Fish });
            return ExitCode.Done;
        });
        return command;
    }
}
