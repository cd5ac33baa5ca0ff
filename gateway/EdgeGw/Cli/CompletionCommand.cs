using System.CommandLine;

namespace EdgeGw.Cli;

/// <summary><c>edgegw completion</c>: the script that makes a shell complete commands, options and the names of deployed handlers.</summary>
internal static class CompletionCommand
{
    // Each script hands the line up to the cursor to the program itself ('[suggest:POSITION]', see SuggestAction), which prints one candidate a line. The line's first
    // word, however it was typed, counts as 'edgegw'. Where there is no candidate, files are completed.
    private const string Bash = """
        # edgegw completion for bash:  source <(edgegw completion bash)
        _edgegw() {
            local head="${COMP_LINE:0:COMP_POINT}" word="${COMP_WORDS[COMP_CWORD]}" candidate
            local line="edgegw ${head#* }" typed="${head##*[[:space:]]}"
            COMPREPLY=()
            while IFS= read -r candidate; do
                # bash splits words at ':' and '=' too, and wants only the last part.
                COMPREPLY+=("${candidate#"${typed%"$word"}"}")
            done < <("${COMP_WORDS[0]}" "[suggest:${#line}]" "$line" 2>/dev/null)
            if [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == *= ]]; then compopt -o nospace 2>/dev/null; fi
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
            if (( ${#candidates} )); then compadd -a candidates; else _files; fi
        }
        if [[ "${funcstack[1]}" == _edgegw ]]; then _edgegw "$@"; else compdef _edgegw edgegw; fi

        """;

    private const string Fish = """
        # edgegw completion for fish:  edgegw completion fish | source
        function __edgegw_complete
            set -l words (commandline -opc)
            set -l line (string join ' ' -- edgegw $words[2..-1] (commandline -ct | string collect --allow-empty))
            set -l candidates ($words[1] "[suggest:"(string length -- $line)"]" "$line" 2>/dev/null)
            if test (count $candidates) -gt 0
                printf '%s\n' $candidates
            else
                __fish_complete_path (commandline -ct)
            end
        end
        complete -c edgegw -f -a '(__edgegw_complete)'

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
