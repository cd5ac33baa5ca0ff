using EdgeGw.Control.Supervision;
using EdgeGw.Epochs;
using EdgeGw.Services;
using EdgeGw.Services.Database;
using EdgeGw.Services.Database.Migrations;

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

    /// <summary>Applies migrations to a database that is in force. Gives what was applied, or why not: first the sentence that says it, then what is to be known besides.</summary>
    public async Task<(WorkerMigrated? Migrated, IReadOnlyList<string> Reasons)> MigrateAsync(WorkerMigrations order, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        if (order.Kind != ServiceKinds.Database)
        {
            return (null, [$"{order.Kind}:{order.Name} is no database; only databases have migrations."]);
        }
        if (MigrationRules.Faults(order.Migrations) is { Count: > 0 } faults)
        {
            return (null, faults);
        }
        var slot = services.Slots.FirstOrDefault(slot => slot.Kind == order.Kind && slot.Name == order.Name);
        if (slot?.Actor is not { } actor)
        {
            return (null, [$"The service {order.Kind}:{order.Name} is not available: {slot?.Reason ?? "there is none."}"]);
        }
        IDatabaseBackend? database = null;
        try
        {
            // A client of its own: a long migration takes no connection from the requests, and outlives a change of the service.
            var made = database = (IDatabaseBackend)services.Create(actor.Config);
            var outcome = await Task.Run(() => new DatabaseMigrator(made, time).RunAsync(order.Migrations, cancellationToken), cancellationToken).ConfigureAwait(false);
            return outcome.Faults.Count == 0
                ? (new WorkerMigrated(outcome.Applied, outcome.Present, Math.Round(time.GetElapsedTime(started).TotalMilliseconds, 2)), [])
                : (null, [.. outcome.Faults, .. outcome.Applied.Select(name => $"{name} was applied before that.")]);
        }
        catch (ServiceConfigurationException e)
        {
            return (null, [$"The service {actor.Config} cannot be set up: {e.Message}"]);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            return (null, [e is ServiceException known ? known.Fault.Error : database!.Classify(e).Error]);
        }
        finally
        {
            if (database is not null)
            {
                await database.DisposeAsync().ConfigureAwait(false);
            }
        }
    }
}
