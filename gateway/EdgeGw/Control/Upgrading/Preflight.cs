using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using EdgeGw.Configuration;
using EdgeGw.Control.Changes;
using EdgeGw.Control.Supervision;

namespace EdgeGw.Control.Upgrading;

/// <summary>What the new program says of itself before anything depends on it.</summary>
/// <param name="Version">Its version.</param>
/// <param name="Settings">The settings as it reads them, for its worker; it may know more keys than this program.</param>
internal sealed record PreflightReport(string Version, JsonElement Settings);

/// <summary>Has the new program read the settings by the command line of this one (<c>edgegw preflight …</c>, otherwise like <c>edgegw run …</c>): a file that is no program, or a program that would
/// refuse to start, is found out while the old one serves.</summary>
internal static class Preflight
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    /// <summary>Throws <see cref="ChangeRefusedException"/> with what the program said.</summary>
    internal static async Task<PreflightReport> RunAsync(EdgeGwCommand program, IReadOnlyList<string> arguments)
    {
        var start = program.With(["preflight", .. arguments]);
        (start.RedirectStandardOutput, start.RedirectStandardError) = (true, true);
        using var process = Start(program, start);
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        using var limit = new CancellationTokenSource(s_patience);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw Refusal(program, $"it did not answer within {s_patience.TotalSeconds:0} s.");
        }
        if (process.ExitCode != 0)
        {
            var words = (await error).Replace("edgegw: ", "", StringComparison.Ordinal).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            throw Refusal(program, words.Length > 0 ? words : [$"it ended with {WorkerInstance.Ending(process.ExitCode)}."]);
        }
        try
        {
            return JsonSerializer.Deserialize(await output, PreflightJson.Default.PreflightReport) ?? throw new JsonException();
        }
        catch (JsonException)
        {
            throw Refusal(program, "it is not an edgegw that can take over: it does not answer as one.");
        }
    }

    /// <summary>The other side: prints what this program makes of the settings.</summary>
    internal static void Print(GatewaySettings settings, string version, TextWriter output) => output.WriteLine(JsonSerializer.Serialize(
        new PreflightReport(version, JsonSerializer.SerializeToElement(settings, SettingsJson.Default.GatewaySettings)), PreflightJson.Default.PreflightReport));

    private static Process Start(EdgeGwCommand program, ProcessStartInfo start)
    {
        try
        {
            return ChildStart.Start(start);
        }
        catch (Win32Exception e)
        {
            throw Refusal(program, $"it cannot be started: {e.Message.TrimEnd('.')}.");
        }
    }

    private static ChangeRefusedException Refusal(EdgeGwCommand program, params string[] reasons) =>
        new(422, "The program cannot be upgraded; nothing was changed.", [$"'{program.Executable}' cannot take over: {reasons[0]}", .. reasons.Skip(1)]);
}
