using EdgeGw.Control.Supervision;
using EdgeGw.Epochs;
using EdgeGw.Services;

namespace EdgeGw.Worker;

/// <summary>What control asks of services beside putting them in force.</summary>
internal sealed class ServiceOrders(ServiceRegistry services, TimeProvider time)
{
    /// <summary>Sets up a service, asks its backend for a sign of life, and takes it down. Gives how long that took, or why it cannot be used.</summary>
    public async Task<(WorkerServiceTest? Test, string? Reason)> TestAsync(EpochService config)
    {
        var started = time.GetTimestamp();
        using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(config.TimeoutMs), time);
        IServiceBackend? backend = null;
        try
        {
            backend = services.Create(config);
            var made = backend;
            // A client that blocks, or does not heed the token, must not hold up the answer.
            await Task.Run(() => made.CheckAsync(patience.Token).AsTask(), patience.Token).WaitAsync(patience.Token).ConfigureAwait(false);
            return (new WorkerServiceTest(true, Math.Round(time.GetElapsedTime(started).TotalMilliseconds, 2)), null);
        }
        catch (ServiceConfigurationException e)
        {
            return (null, $"The service {config} cannot be set up: {e.Message}");
        }
        catch (OperationCanceledException)
        {
            return (null, $"The service {config} did not answer within {config.TimeoutMs} ms.");
        }
        catch (Exception e)
        {
            return (null, e is ServiceException known ? known.Fault.Error : backend!.Classify(e).Error);
        }
        finally
        {
            if (backend is not null)
            {
                await backend.DisposeAsync().ConfigureAwait(false);
            }
        }
    }
}
