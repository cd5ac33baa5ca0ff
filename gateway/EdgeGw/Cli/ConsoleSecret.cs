namespace EdgeGw.Cli;

/// <summary>Asks for what must not be seen: an argument is visible to every user of the machine, and stays in the shell's history.</summary>
internal static class ConsoleSecret
{
    private const int MaxChars = 1 << 20;

    /// <summary>Without an echo at a terminal; otherwise all of standard input, without its last line end.</summary>
    public static string Read(string prompt)
    {
        if (Console.IsInputRedirected)
            return Piped();
        Console.Error.Write($"{prompt}: ");
        var typed = new System.Text.StringBuilder();
        while (Console.ReadKey(intercept: true) is { Key: not ConsoleKey.Enter } key)
        {
            if (key.Key is ConsoleKey.Backspace)
                typed.Length = Math.Max(0, typed.Length - 1);
            else if (!char.IsControl(key.KeyChar) && typed.Length < MaxChars)
                typed.Append(key.KeyChar);
        }
        Console.Error.WriteLine();
        return typed.ToString();
    }

    private static string Piped()
    {
        var buffer = new char[MaxChars + 1];
        var length = Console.In.ReadBlock(buffer);
        if (length > MaxChars)
            throw new CliException(ExitCode.Failed, $"standard input has more than {MaxChars} characters; that is no secret");
        var text = new string(buffer, 0, length);
        return text.EndsWith("\r\n", StringComparison.Ordinal) ? text[..^2] : text.EndsWith('\n') ? text[..^1] : text;
    }
}
