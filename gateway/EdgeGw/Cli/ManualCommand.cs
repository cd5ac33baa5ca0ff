using System.CommandLine;
using System.Text;

namespace EdgeGw.Cli;

/// <summary><c>edgegw manual</c>: the manual page edgegw(1), made from the command tree itself, so that it says what the program does.</summary>
internal static class ManualCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(CliHost host)
    {
        var command = new Command("manual", "Print the manual page edgegw(1); 'edgegw manual | man -l -' shows it");
        command.SetAction(parse =>
        {
            host.Out.Write(Write(parse.RootCommandResult.Command));
            return ExitCode.Done;
        });
        return command;
    }

    private static string Write(Command root)
    {
        var text = new StringBuilder();
        text.Append(null, $".TH EDGEGW 1 \"\" \"edgegw {Escape(ProductVersion.Number)}\" \"Edge Gateway\"\n");
        text.Append(".SH NAME\nedgegw \\- HTTP gateway whose request handlers are native shared libraries\n");
        text.Append(".SH SYNOPSIS\n.B edgegw\n.I COMMAND\n.RI [ OPTIONS ]\n");
        text.Append(null, $".SH DESCRIPTION\n{Escape(root.Description ?? "")}\n.SH COMMANDS\n");
        foreach (var command in root.Subcommands)
            Describe(text, command, "edgegw");
        text.Append(".SH OPTIONS OF EVERY COMMAND\n");
        foreach (var option in root.Options.Where(option => option.Recursive))
            Describe(text, option);
        text.Append("""
            .SH EXIT STATUS
            .TP
            .B 0
            done
            .TP
            .B 1
            refused or failed; the reason is on standard error
            .TP
            .B 2
            wrong usage
            .TP
            .B 3
            no gateway answers
            .SH FILES
            .TP
            .I /etc/edgegw/edgegw.json
            the settings of the service; \fBedgegw config \-\-keys\fR lists all of them
            .TP
            .I /var/lib/edgegw
            the state of the service: libraries, epochs, the embedded services' data, \fIcontrol.sock\fR
            .SH SEE ALSO
            .BR systemctl (1),
            .BR systemd.socket (5)

            """);
        return text.ToString();
    }

    private static void Describe(StringBuilder text, Command command, string parent)
    {
        var name = $"{parent} {command.Name}";
        if (command.Hidden)
            return;
        var arguments = string.Concat(command.Arguments.Select(argument => $" \\fI{Escape((argument.HelpName ?? argument.Name).ToUpperInvariant())}\\fR"));
        text.Append(null, $".SS \"{Escape(name)}\"\n.B {Escape(name)}{arguments}\n.PP\n{Escape(command.Description ?? "")}.\n");
        foreach (var argument in command.Arguments)
            text.Append(null, $".TP\n.I {Escape((argument.HelpName ?? argument.Name).ToUpperInvariant())}\n{Escape(argument.Description ?? "")}\n");
        foreach (var option in command.Options.Where(option => !option.Hidden && !option.Recursive))
            Describe(text, option);
        foreach (var below in command.Subcommands)
            Describe(text, below, name);
    }

    private static void Describe(StringBuilder text, Option option)
    {
        var names = string.Join(", ", option.Aliases.Where(alias => alias.Length > 1).Prepend(option.Name).Distinct().Select(Escape));
        var value = option.HelpName is { } help ? $" \\fI{Escape(help)}\\fR" : "";
        text.Append(null, $".TP\n\\fB{names}\\fR{value}\n{Escape(option.Description ?? "")}\n");
    }

    // roff takes a backslash for an escape, a hyphen for one that may break a line, and a dot or a quote at a line's beginning for a request.
    private static string Escape(string text)
    {
        var escaped = text.Replace("\\", "\\e", StringComparison.Ordinal).Replace("-", "\\-", StringComparison.Ordinal);
        return escaped.StartsWith('.') || escaped.StartsWith('\'') ? "\\&" + escaped : escaped;
    }
}
