using System.ComponentModel;
using System.Diagnostics;

namespace EdgeGw.Cli.Dev;

/// <summary>
/// The processes that a build leaves running so that the next one is faster: MSBuild and the C# compiler. They are this session's own, known by a variable that only it gives, and end with it.
/// </summary>
internal sealed class BuildServers : IDisposable
{
    private const string Mark = "EDGEGW_DEV_SESSION";
    private const int MostRounds = 50;
    private static readonly TimeSpan Round = TimeSpan.FromMilliseconds(20);

    private readonly string _session = Guid.NewGuid().ToString("N")[..16];

    /// <summary>The variables of a build that may use them.</summary>
    public Dictionary<string, string> Environment(IReadOnlyDictionary<string, string> environment) => new(environment, StringComparer.Ordinal)
    {
        [Mark] = _session,
        ["DOTNET_CLI_USE_MSBUILD_SERVER"] = "1",
        ["MSBUILDDISABLENODEREUSE"] = "0",
        // Servers of other sessions, with other variables, do not answer to this.
        ["MSBUILDNODEHANDSHAKESALT"] = _session,
    };

    /// <summary>The arguments of a build that may use them.</summary>
    public string[] Arguments => ["-p:UseSharedCompilation=true", $"-p:SharedCompilationId=edgegw-{_session}"];

    /// <summary>Ends them.</summary>
    public void Dispose()
    {
        // Again until none is left: one may just have started another.
        for (var round = 0; round < MostRounds; round++)
        {
            var left = Mine().ToList();
            if (left.Count == 0)
                return;
            foreach (var id in left)
                Kill(id);
            Thread.Sleep(Round);
        }
    }

    private IEnumerable<int> Mine()
    {
        var mark = System.Text.Encoding.ASCII.GetBytes($"{Mark}={_session}\0");
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder.AsSpan()), out var id) && id != System.Environment.ProcessId && Has(folder, mark))
                yield return id;
        }
    }

    // Another user's, or gone meanwhile: none of these.
    private static bool Has(string folder, byte[] mark)
    {
        try
        {
            return File.ReadAllBytes(Path.Combine(folder, "environ")).AsSpan().IndexOf(mark) >= 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static void Kill(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            process.Kill();
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or Win32Exception)
        {
            // It has ended by itself.
        }
    }
}
