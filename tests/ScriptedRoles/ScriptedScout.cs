using System.Diagnostics;
using System.Text;

namespace EdgeGw.ScriptedRoles;

/// <summary>Does what the text behind a library's 64-byte header says.</summary>
internal static class ScriptedScout
{
    internal static async Task<int> RunAsync(string[] args)
    {
        var script = Encoding.UTF8.GetString((await File.ReadAllBytesAsync(Arguments.Get(args, "--library")))[64..]);
        var report = Arguments.Get(args, "--report");
        var (word, rest) = script.IndexOf(' ', StringComparison.Ordinal) is var cut and > 0 ? (script[..cut], script[(cut + 1)..]) : (script, "");
        switch (word)
        {
            case "ok":
                await File.WriteAllTextAsync(report, $$"""{"ok":true,"abi":"1.0","manifest":{{rest}},"loadMs":1.5,"rssBytes":1500000,"threads":1}""");
                return 0;
            case "error":
                await File.WriteAllTextAsync(report, $$"""{"ok":false,"error":"{{rest}}"}""");
                return 1;
            case "exit":
                await Console.Error.WriteLineAsync("the library said goodbye");
                return 3;
            case "crash":
                Process.GetCurrentProcess().Kill();
                break;
            case "half":
                await File.WriteAllTextAsync(report, """{"ok":tr""");
                return 0;
        }
        await Task.Delay(Timeout.Infinite); // "hang"
        return 0;
    }
}
