using System.Globalization;
using EdgeGw.Epochs;

namespace EdgeGw.Worker;

/// <summary>A listening socket handed down by control.</summary>
/// <param name="Descriptor">The file descriptor.</param>
/// <param name="Url">What it listens for.</param>
internal readonly record struct InheritedListener(int Descriptor, string Url)
{
    /// <summary>Whether clients speak TLS on it.</summary>
    public bool IsTls => Url.StartsWith("https:", StringComparison.OrdinalIgnoreCase);
}

/// <summary>The worker's command line, written by control: <c>edgegw worker --id N --state DIR --settings FILE --epoch FILE [--strict true] --listen FD=URL … --ready-fd FD --blame-fd FD [--secrets-fd FD] [--without NAME=SHA256 …] [--excuse NAME=SHA256 …]</c>;
/// an isolated worker has <c>--only KEY --relay SOCKET --gateway URL [--limit NAME=VALUE …]</c> instead of sockets to listen on.</summary>
internal sealed class WorkerOptions
{
    /// <summary>The worker's number.</summary>
    public int Id { get; private set; }

    /// <summary>The state directory.</summary>
    public string State { get; private set; } = "";

    /// <summary>The settings as JSON.</summary>
    public string Settings { get; private set; } = "";

    /// <summary>The epoch to begin with; empty for none.</summary>
    public string Epoch { get; private set; } = "";

    /// <summary>The epoch is a change that is being tried: serve all of it or end with the reasons. Otherwise what can be loaded is served.</summary>
    public bool Strict { get; private set; }

    /// <summary>The sockets.</summary>
    public List<InheritedListener> Listeners { get; } = [];

    /// <summary>The pipe to write one line to: <c>READY epoch=N</c>, or <c>REFUSED</c> and the reasons as a JSON array. It stays open for as long as the worker can work: its end tells
    /// control that somebody has closed the worker's descriptors.</summary>
    public string? ReadyDescriptor { get; private set; }

    /// <summary>The memory to say in who is inside which call; null for none.</summary>
    public int? BlameDescriptor { get; private set; }

    /// <summary>What control tells of secrets, as JSON; null for none. Read once and closed.</summary>
    public int? SecretsDescriptor { get; private set; }

    /// <summary>Versions, as <c>NAME=SHA256</c>, that killed a worker a moment ago: they are left out of the epoch to begin with.</summary>
    public List<string> Without { get; } = [];

    /// <summary>Versions, as <c>NAME=SHA256</c>, that the worker in service could not start: a strict one serves without them too.</summary>
    public List<string> Excused { get; } = [];

    /// <summary>The key of the one deployment that an isolated worker serves; null for the shared one.</summary>
    public string? Only { get; private set; }

    /// <summary>Where an isolated worker gets its requests from the shared one.</summary>
    public string? Relay { get; private set; }

    /// <summary>Where the gateway listens, for an isolated worker, which does not.</summary>
    public string? Gateway { get; private set; }

    /// <summary>What an isolated worker may use, as <c>NAME=VALUE</c>.</summary>
    public List<string> Limits { get; } = [];

    /// <summary>Where control reaches this worker.</summary>
    public string ControlSocket => Path.Combine(State, "run", $"worker-{Id}.sock");

    /// <summary>Where control asks whether it lives.</summary>
    public string LivenessSocket => Path.Combine(State, "run", $"worker-{Id}.live");

    /// <summary>Where a new control gets the listening sockets.</summary>
    public string DescriptorSocket => Path.Combine(State, "run", $"worker-{Id}.fds");

    /// <summary>Where this worker copies libraries to that it loads more than once.</summary>
    public string Copies => Path.Combine(State, "run", "copies", Id.ToString(CultureInfo.InvariantCulture));

    /// <summary>An epoch as this worker serves it: all of it, or an isolated worker's own handler. Null when that is not in it.</summary>
    public EpochConfig? ViewOf(EpochConfig epoch) => Only is null ? epoch : IsolatedEpoch.Of(epoch, Only);

    /// <summary>Parses the arguments after <c>worker</c>.</summary>
    /// <exception cref="FormatException">They are not what control writes.</exception>
    public static WorkerOptions Parse(ReadOnlySpan<string> args)
    {
        var options = new WorkerOptions();
        for (var i = 0; i + 1 < args.Length; i += 2)
        {
            var value = args[i + 1];
            switch (args[i])
            {
                case "--id":
                    options.Id = int.Parse(value, CultureInfo.InvariantCulture);
                    break;
                case "--state":
                    options.State = value;
                    break;
                case "--settings":
                    options.Settings = value;
                    break;
                case "--epoch":
                    options.Epoch = value;
                    break;
                case "--strict":
                    options.Strict = bool.Parse(value);
                    break;
                case "--listen":
                    var equals = value.IndexOf('=', StringComparison.Ordinal);
                    options.Listeners.Add(new InheritedListener(int.Parse(value.AsSpan(0, equals), CultureInfo.InvariantCulture), value[(equals + 1)..]));
                    break;
                case "--ready-fd":
                    options.ReadyDescriptor = value;
                    break;
                case "--blame-fd":
                    options.BlameDescriptor = int.Parse(value, CultureInfo.InvariantCulture);
                    break;
                case "--secrets-fd":
                    options.SecretsDescriptor = int.Parse(value, CultureInfo.InvariantCulture);
                    break;
                case "--without":
                    options.Without.Add(value);
                    break;
                case "--excuse":
                    options.Excused.Add(value);
                    break;
                case "--only":
                    options.Only = value;
                    break;
                case "--relay":
                    options.Relay = value;
                    break;
                case "--gateway":
                    options.Gateway = value;
                    break;
                case "--limit":
                    options.Limits.Add(value);
                    break;
                default:
                    throw new FormatException($"The worker does not know the switch '{args[i]}'.");
            }
        }
        return options.State.Length > 0 && options.Settings.Length > 0 ? options : throw new FormatException("The worker needs --state and --settings; it is started by 'edgegw run'.");
    }
}
