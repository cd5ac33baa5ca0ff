using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Serialization.Metadata;
using EdgeGw.Control.Changes;
using EdgeGw.Epochs;

namespace EdgeGw.Control.Supervision;

/// <summary>What is asked of the worker's services.</summary>
internal sealed partial class WorkerClient
{
    /// <summary>How the services do; none when the worker does not answer in time.</summary>
    internal async Task<IReadOnlyList<WorkerServiceStatus>> ServicesAsync(CancellationToken cancellation)
    {
        using var deadline = Within(TimeSpan.FromSeconds(2), cancellation);
        try
        {
            return (await _http.GetFromJsonAsync("status", WorkerServicesJson.Default.WorkerServiceList, deadline.Token))?.Services ?? [];
        }
        catch (Exception e) when (IsLoss(e))
        {
            cancellation.ThrowIfCancellationRequested();
            return [];
        }
    }

    /// <summary>Has a service tried without keeping it. Throws <see cref="ChangeRefusedException"/> with the worker's reason when it cannot be used.</summary>
    internal Task<WorkerServiceTest> TestServiceAsync(EpochService service, TimeSpan timeout, CancellationToken cancellation) =>
        AskAsync("services/test", service, WorkerServicesJson.Default.EpochService, WorkerServicesJson.Default.WorkerServiceTest, timeout, cancellation);

    /// <summary>Has migrations applied. Throws <see cref="ChangeRefusedException"/> with the worker's reason when they are not.</summary>
    internal Task<WorkerMigrated> MigrateAsync(WorkerMigrations migrations, TimeSpan timeout, CancellationToken cancellation) =>
        AskAsync("services/migrate", migrations, WorkerServicesJson.Default.WorkerMigrations, WorkerServicesJson.Default.WorkerMigrated, timeout, cancellation);

    private async Task<TAnswer> AskAsync<TOrder, TAnswer>(
        string path, TOrder order, JsonTypeInfo<TOrder> orderType, JsonTypeInfo<TAnswer> answerType, TimeSpan timeout, CancellationToken cancellation)
    {
        using var deadline = Within(timeout, cancellation);
        try
        {
            using var answer = await _http.PostAsJsonAsync(path, order, orderType, deadline.Token);
            if (answer.IsSuccessStatusCode)
            {
                return (await answer.Content.ReadFromJsonAsync(answerType, deadline.Token))!;
            }
            var problem = await ReadProblemAsync(answer, deadline.Token);
            var title = problem?.Detail is { Length: > 0 } detail ? detail : problem?.Title ?? $"The worker answered {(int)answer.StatusCode} to {path}.";
            throw new ChangeRefusedException(422, title, problem?.Reasons ?? []);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            throw new ChangeRefusedException(504, string.Create(CultureInfo.InvariantCulture, $"The worker did not answer within {timeout.TotalMilliseconds:0} ms."));
        }
        catch (Exception e) when (IsLoss(e))
        {
            cancellation.ThrowIfCancellationRequested();
            throw new ChangeRefusedException(503, "The worker was lost over it and is started again; look at 'edgegw logs' before trying again.");
        }
    }
}
