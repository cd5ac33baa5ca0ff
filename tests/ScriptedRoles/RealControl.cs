using EdgeGw.Configuration;
using EdgeGw.Control;

namespace EdgeGw.ScriptedRoles;

/// <summary>The control role, as <c>edgegw run</c> starts it; its workers are this program's.</summary>
internal static class RealControl
{
    internal static Task<int> RunAsync(string state, string listen)
    {
        var settings = new GatewaySettings { Listen = [listen], Admin = "" };
        settings.Worker.StopTimeoutMs = 5_000;
        return ControlProcess.RunAsync(() => settings, state, [], Console.Out, CancellationToken.None);
    }
}
