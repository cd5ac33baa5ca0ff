using System.Globalization;
using EdgeGw.Cli.Output;

namespace EdgeGw.Cli.Admin;

/// <summary>Sends a file to the gateway: whole, or not at all. After a connection that broke it is sent again, since what is sent twice is the same change.</summary>
internal static class Upload
{
    private const int Attempts = 3;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Sends it until an answer has come.</summary>
    /// <param name="path">The file; opened for each attempt.</param>
    /// <param name="send">Sends the content once.</param>
    /// <param name="progress">Told the bytes sent and their total, on the sending thread.</param>
    /// <param name="isRepeatable">Whether it may be sent again when all of it was sent and no answer came.</param>
    /// <param name="host">The process.</param>
    /// <param name="cancel">Ends it.</param>
    public static async Task<T> SendAsync<T>(string path, Func<UploadContent, Task<T>> send, Action<long, long> progress, bool isRepeatable, CliHost host, CancellationToken cancel)
    {
        var wasWhole = false;
        for (var attempt = 1; ; attempt++)
        {
            using var content = new UploadContent(Open(path), progress);
            await content.HashAsync(cancel);
            try
            {
                return await send(content);
            }
            catch (CliException e) when (e.ExitCode == ExitCode.Unreachable && (e.IsBroken || attempt > 1))
            {
                wasWhole |= content.IsSent;
                var name = Printable.Escape(Path.GetFileName(path));
                if (attempt == Attempts || (wasWhole && !isRepeatable))
                {
                    var times = attempt == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $", {attempt} times");
                    throw new CliException(ExitCode.Unreachable, wasWhole
                        ? $"all of {name} was sent, but no answer came ({e.Message}){times}: see with 'edgegw status' whether it is in service"
                        : $"{name} was not sent as a whole, and nothing was changed ({e.Message}){times}");
                }
                host.Error.WriteLine($"{Printable.Escape(e.Message)}; sending {name} again");
            }
            await Task.Delay(Pause, host.Time, cancel);
        }
    }

    private static FileStream Open(string path)
    {
        try
        {
            var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, useAsync: true);
            if (file.Length > 0)
                return file;
            file.Dispose();
            throw new CliException(ExitCode.Failed, $"{path} is empty");
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new CliException(ExitCode.Failed, $"there is no file or folder {path}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new CliException(ExitCode.Failed, $"{path} cannot be read: {e.Message}");
        }
    }
}
