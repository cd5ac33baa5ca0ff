using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using EdgeGw.Control.Storage;
using EdgeGw.Control.Supervision;

namespace EdgeGw.Control.Upgrading;

/// <summary><c>run/succession.json</c>: what control leaves to the program that takes its place in the same process (execve): descriptors that stay open, and the worker in service.</summary>
/// <param name="Pid">The process; with its start, which an exec does not change, what makes sure that the file is meant for the reader.</param>
/// <param name="Started">When the process was started, in the kernel's ticks since boot.</param>
/// <param name="Count">Programs that took the place of another one in this process, the reader included.</param>
/// <param name="Program">The path of the program's file.</param>
/// <param name="Lock">The descriptor that holds the state directory's lock.</param>
/// <param name="Listeners">The listening sockets for traffic.</param>
/// <param name="Admin">The Admin API's sockets over TCP.</param>
/// <param name="Control">The socket behind <c>control.sock</c>.</param>
/// <param name="Worker">The worker in service, which stays our child; null for none.</param>
/// <param name="Replaced">Workers that were replaced and still finish, which stay our children too.</param>
internal sealed record Succession(
    int Pid, long Started, int Count, string Program, int Lock, IReadOnlyList<InheritedSocket> Listeners, IReadOnlyList<InheritedSocket> Admin, int Control, InheritedWorker? Worker,
    IReadOnlyList<InheritedWorker> Replaced)
{
    /// <summary>What the program before left in this very process; null when there was none. Asked once.</summary>
    internal static Succession? Take(string stateDirectory)
    {
        var path = FileIn(Path.GetFullPath(stateDirectory));
        try
        {
            var left = JsonSerializer.Deserialize(File.ReadAllBytes(path), SuccessionJson.Default.Succession);
            File.Delete(path);
            return left is not null && left.Pid == Environment.ProcessId && left.Started == StartOf() ? left : null;
        }
        catch (Exception e) when (e is IOException or JsonException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Writes it for the program that comes.</summary>
    internal void Leave(StateDirectory state) => RunFile.Write(FileIn(state.Root), JsonSerializer.SerializeToUtf8Bytes(this, SuccessionJson.Default.Succession));

    /// <summary>When this process was started.</summary>
    internal static long StartOf()
    {
        // The program's name, in parentheses, may hold spaces; the start is the 20th field after it (proc(5)).
        var stat = File.ReadAllText("/proc/self/stat");
        return long.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[19], CultureInfo.InvariantCulture);
    }

    private static string FileIn(string root) => Path.Combine(root, "run", "succession.json");
}

/// <summary>A listening socket that stays open, and its URL.</summary>
internal sealed record InheritedSocket(int Descriptor, string Url);

/// <summary>A worker that serves on, or finishes.</summary>
internal sealed record InheritedWorker(int Id, int Pid, long Epoch, InheritedChannels? Channels);

/// <summary>The descriptors of what control shares with a worker.</summary>
internal sealed record InheritedChannels(int Life, int Errors, int Calls);

/// <summary>How it is written and read.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(Succession))]
internal sealed partial class SuccessionJson : JsonSerializerContext;

/// <summary>How a preflight is told.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(PreflightReport))]
[JsonSerializable(typeof(System.Text.Json.JsonElement))]
internal sealed partial class PreflightJson : JsonSerializerContext;
