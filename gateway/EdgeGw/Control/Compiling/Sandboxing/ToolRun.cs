using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using EdgeGw.Control.Supervision;
using EdgeGw.Interop;

namespace EdgeGw.Control.Compiling.Sandboxing;

/// <summary>What a tool came to.</summary>
/// <param name="ExitCode">Its exit code; 128 plus the signal's number when one ended it.</param>
/// <param name="Lines">What it wrote, the first part of it when it was much.</param>
internal sealed record ToolRun(int ExitCode, IReadOnlyList<string> Lines)
{
    // Bounds of what control keeps of a tool's words. The rest is read and dropped, so that the tool does not stop over it.
    private const int MostLines = 2_000;
    private const int LongestLine = 4_000;
    private static readonly TimeSpan s_diskLook = TimeSpan.FromMilliseconds(500);

    /// <summary>Whether a fault of the tool itself ended it, and not what it was given.</summary>
    internal bool Crashed => ExitCode >= 128;

    /// <summary>Runs a tool to its end. Time, disk and cancellation end it and all that it started. Throws <see cref="CompileFailedException"/> with a sentence when a limit was hit or the tool cannot be run.</summary>
    internal static async Task<ToolRun> RunAsync(Sandbox sandbox, SandboxRequest request, TimeProvider clock, CancellationToken cancellation)
    {
        var start = sandbox.Start(request);
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        start.StandardOutputEncoding = Encoding.UTF8;
        start.StandardErrorEncoding = Encoding.UTF8;
        using var process = Begin(start);
        process.StandardInput.Close();
        var lines = new List<string>();
        var reading = Task.WhenAll(ReadAsync(process.StandardOutput, lines), ReadAsync(process.StandardError, lines));
        using var timeout = new CancellationTokenSource(request.Timeout, clock);
        using var disk = new CancellationTokenSource();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation, timeout.Token, disk.Token);
        using var looking = CancellationTokenSource.CreateLinkedTokenSource(stop.Token);
        var watch = WatchDiskAsync(request, disk, clock, looking.Token);
        try
        {
            await process.WaitForExitAsync(stop.Token);
        }
        catch (OperationCanceledException)
        {
            ControlPosix.KillGroup(process.Id);
            await process.WaitForExitAsync(CancellationToken.None);
        }
        finally
        {
            await looking.CancelAsync();
            await watch;
            // Nothing of a tool outlives it, whoever it started.
            ControlPosix.KillGroup(process.Id);
        }
        await reading;
        cancellation.ThrowIfCancellationRequested();
        var tool = Path.GetFileName(request.Program);
        if (timeout.IsCancellationRequested)
        {
            throw new CompileFailedException($"{tool} did not finish within {request.Timeout.TotalSeconds:0.#} s and was stopped; make the source smaller, or raise {(request.Network ? "Compile:RestoreTimeoutMs" : "Compile:TimeoutMs")}.", lines);
        }
        if (disk.IsCancellationRequested || BytesOf(request.Writable) > request.DiskBytes)
        {
            throw new CompileFailedException($"{tool} wrote more than {request.DiskBytes} bytes and was stopped (Compile:DiskBytes).", lines);
        }
        return new ToolRun(process.ExitCode, lines);
    }

    private static Process Begin(ProcessStartInfo start)
    {
        try
        {
            return ChildStart.Start(start);
        }
        catch (Win32Exception e)
        {
            throw new CompileFailedException($"{start.FileName} cannot be run: {e.Message}. Compiling needs util-linux (setsid, prlimit).");
        }
    }

    private static async Task ReadAsync(StreamReader reader, List<string> lines)
    {
        var buffer = new char[8_192];
        var line = new StringBuilder();
        int count;
        while ((count = await reader.ReadAsync(buffer)) > 0)
        {
            foreach (var c in buffer.AsSpan(0, count))
            {
                if (c == '\n')
                {
                    End();
                }
                else if (c != '\r' && line.Length < LongestLine)
                {
                    line.Append(c);
                }
            }
        }
        End();

        void End()
        {
            lock (lines)
            {
                if (line.Length > 0 && lines.Count < MostLines)
                {
                    lines.Add(line.ToString());
                }
            }
            line.Clear();
        }
    }

    private static async Task WatchDiskAsync(SandboxRequest request, CancellationTokenSource tooMuch, TimeProvider clock, CancellationToken stop)
    {
        using var timer = new PeriodicTimer(s_diskLook, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stop))
            {
                if (BytesOf(request.Writable) > request.DiskBytes)
                {
                    await tooMuch.CancelAsync();
                    return;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The tool has ended.
        }
    }

    private static long BytesOf(IReadOnlyList<string> folders)
    {
        // Of links only themselves: what they point to is not the tool's.
        var options = new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true, AttributesToSkip = FileAttributes.ReparsePoint };
        try
        {
            return folders.Sum(folder => new DirectoryInfo(folder).EnumerateFiles("*", options).Sum(Length));
        }
        catch (IOException)
        {
            return 0; // it writes and removes meanwhile; the next look counts
        }
    }

    private static long Length(FileInfo file)
    {
        try
        {
            return file.Length;
        }
        catch (IOException)
        {
            return 0;
        }
    }
}
