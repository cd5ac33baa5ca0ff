using EdgeGw.Control;
using EdgeGw.Control.Backups;
using EdgeGw.Control.Storage;

namespace EdgeGw.Cli.Backups;

/// <summary>What a backup or a restore cannot do, as a sentence.</summary>
internal static class BackupFailure
{
    /// <summary>Runs one of them.</summary>
    public static int Explain(Func<int> run)
    {
        try
        {
            return run();
        }
        catch (Exception e) when (e is BackupException or ControlStartException)
        {
            throw new CliException(ExitCode.Failed, e.Message);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CliException(ExitCode.Failed, Files.Reason(e));
        }
    }
}
