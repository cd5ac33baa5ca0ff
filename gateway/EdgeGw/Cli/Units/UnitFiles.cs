using System.Buffers;
using System.Globalization;
using System.Net;
using System.Reflection;
using System.Text;
using EdgeGw.Control.Supervision;

namespace EdgeGw.Cli.Units;

/// <summary>How a unit differs from the one of the Debian package.</summary>
/// <param name="Program">The binary's path.</param>
/// <param name="User">Whose it is; null for a user that exists only while it runs.</param>
/// <param name="State">The state directory.</param>
/// <param name="Listen">What <c>--listen</c> gave; empty leaves it to the configuration.</param>
internal sealed record UnitChoice(string Program, string? User, string State, IReadOnlyList<string> Listen);

/// <summary>The unit and the socket unit: those of the Debian package (gateway/packaging) with the lines changed that a choice changes.</summary>
internal static class UnitFiles
{
    /// <summary>The unit's name.</summary>
    public const string Service = "edgegw.service";

    /// <summary>The socket unit's name.</summary>
    public const string Socket = "edgegw.socket";

    /// <summary>The first line of what is written here, by which it is known again.</summary>
    public const string Mark = "# Written by 'edgegw service install'; 'edgegw service uninstall' removes it. Change it with 'systemctl edit'.";

    private const string StateParent = "/var/lib/";
    private static readonly SearchValues<char> s_quoted = SearchValues.Create(" \t'\"\\;");

    /// <summary>Whether systemd can make the directory: only below its own parent, which is also all that a dynamic user can own.</summary>
    public static bool IsBelowStateParent(string state) => state.StartsWith(StateParent, StringComparison.Ordinal) && state.Length > StateParent.Length;

    /// <summary>The text of the unit.</summary>
    public static string ServiceText(UnitChoice choice)
    {
        // Below its parent systemd tells both by STATE_DIRECTORY.
        var state = IsBelowStateParent(choice.State) ? "" : $" --state {Word(choice.State)}";
        var start = new StringBuilder("ExecStart=").Append(Word(choice.Program)).Append(" run").Append(state);
        foreach (var url in choice.Listen)
            start.Append(" --listen ").Append(Word(url));
        var lines = Read(Service).Select(line => line switch
        {
            _ when line.StartsWith("ExecStart=", StringComparison.Ordinal) => start.ToString(),
            _ when line.StartsWith("ExecReload=", StringComparison.Ordinal) => $"ExecReload={Word(choice.Program)} upgrade{state}",
            "DynamicUser=yes" when choice.User is { } user => $"User={user}",
            "StateDirectory=edgegw" => IsBelowStateParent(choice.State) ? $"StateDirectory={Word(choice.State[StateParent.Length..])}" : $"ReadWritePaths={Word(choice.State)}",
            "StateDirectoryMode=0700" when !IsBelowStateParent(choice.State) => null,
            _ => line,
        });
        return Text(lines);
    }

    /// <summary>The text of the socket unit: what the gateway listens on, held by systemd while the gateway restarts.</summary>
    public static string SocketText(IReadOnlyList<ListenAddress> listen)
    {
        var streams = listen.SelectMany(address => address.Addresses().Select(one => Stream(one.Address, address.Port)));
        return Text(Read(Socket).SelectMany(line => line.StartsWith("ListenStream=", StringComparison.Ordinal) ? streams : [line]));
    }

    // A port alone stands for every address, of both families.
    private static string Stream(IPAddress address, int port) =>
        address.Equals(IPAddress.IPv6Any) ? string.Create(CultureInfo.InvariantCulture, $"ListenStream={port}") : $"ListenStream={new IPEndPoint(address, port)}";

    // systemd expands '%' and, in a command line, '$'; a word with a space or a quote is quoted.
    private static string Word(string text)
    {
        var escaped = text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)
            .Replace("%", "%%", StringComparison.Ordinal).Replace("$", "$$", StringComparison.Ordinal);
        return escaped.AsSpan().ContainsAny(s_quoted) ? $"\"{escaped}\"" : escaped;
    }

    private static string Text(IEnumerable<string?> lines) => string.Join('\n', lines.Where(line => line is not null).Prepend(Mark)) + "\n";

    private static string[] Read(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("packaging/" + name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().TrimEnd('\n').Split('\n');
    }
}
