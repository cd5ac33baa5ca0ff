using EdgeGw.Control.Epochs;
using EdgeGw.Epochs;
using EdgeGw.Scouting;

namespace EdgeGw.Control.Changes;

/// <content>Many handlers and services at once.</content>
internal sealed partial class EpochChanges
{
    /// <summary>Tries every new library of a plan out, and makes one epoch of it all, or refuses with every reason.</summary>
    internal Task<ChangeOutcome> ApplyAsync(ChangePlan plan, CancellationToken cancellation) =>
        plan.DryRun ? PrepareAndApplyAsync(plan, cancellation) : CountAsync(new Attempt("apply") { Origins = [.. plan.Deploy.Select(planned => planned.Options.Origin).OfType<LibraryOrigin>()] }, () => PrepareAndApplyAsync(plan, cancellation));

    private async Task<ChangeOutcome> PrepareAndApplyAsync(ChangePlan plan, CancellationToken cancellation)
    {
        await _uploads.WaitAsync(cancellation);
        try
        {
            var reasons = new List<string>();
            var prepared = new List<EpochHandler>();
            foreach (var planned in plan.Deploy)
            {
                if (await PrepareAsync(planned, reasons, cancellation) is { } handler)
                {
                    prepared.Add(handler);
                }
            }
            return await _queue.RunAsync(() => ApplyAsync(plan, prepared, reasons), cancellation);
        }
        finally
        {
            _uploads.Release();
        }
    }

    // Null, and a reason, for one that cannot be deployed.
    private async Task<EpochHandler?> PrepareAsync(PlannedHandler planned, List<string> reasons, CancellationToken cancellation)
    {
        var (options, library) = planned;
        var deployed = epochs.Current?.Handlers ?? [];
        var named = deployed.FirstOrDefault(handler => handler.Name == options.Name);
        if (library is null && named is null)
        {
            reasons.Add($"{options.Name}: no library is given, and none is deployed under that name.");
            return null;
        }
        var sha256 = library?.Sha256 ?? named!.Sha256;
        // What was tried out as it is to be run need not be tried out again.
        if (deployed.FirstOrDefault(handler => handler.Sha256 == sha256 && handler.Limits.HeapBytes == options.Limits.HeapBytes && EpochRules.SamePairs(handler.Config, options.Config)) is { } known)
        {
            return Handler(sha256, library?.Checksum ?? named!.Checksum, known.Manifest, options) with { Scout = known.Scout };
        }
        try
        {
            var (path, fileName) = library is null ? (artifacts.PathOf(sha256, named!.File), named.File) : (library.Path, library.FileName);
            var report = await scout.InspectAsync(path, fileName, options.Limits.HeapBytes ?? settings.Handlers.HeapBytes, options.Config, cancellation);
            return Handler(sha256, library?.Checksum ?? named!.Checksum, report.Manifest!, options) with { Scout = PriceTag.Of(report) };
        }
        catch (ChangeRefusedException e) when (e.Status == 422)
        {
            reasons.Add($"{options.Name}: {string.Join(' ', e.Reasons.DefaultIfEmpty(e.Message))}");
            return null;
        }
    }

    private async Task<ChangeOutcome> ApplyAsync(ChangePlan plan, IReadOnlyList<EpochHandler> prepared, List<string> reasons)
    {
        var before = epochs.Current;
        var next = PlanHistory.Next(epochs, plan, prepared, clock.GetUtcNow());
        reasons.AddRange(EpochValidator.Validate(next, before));
        if (reasons.Count > 0)
        {
            throw new ChangeRefusedException(422, $"{plan.Name} cannot be applied; nothing was changed.", reasons);
        }
        var diff = PlanDiff.Compare(before, next, plan, settings.Limits);
        var unwanted = plan.Force ? [] : PlanConsequences.Of(before, next, prepared, diff);
        if (plan.DryRun)
        {
            return new ChangeOutcome(before, false, $"{next.Reason} would be made") { Diff = diff, Refusals = unwanted };
        }
        if (unwanted.Count > 0)
        {
            throw new ChangeRefusedException(409, $"{plan.Name} lets somebody down, so nothing was changed; force=true (--force) applies it all the same.", unwanted);
        }
        if (diff.All(line => line.Kind == PlannedChange.Unchanged))
        {
            plan.Along?.Invoke();
            return new ChangeOutcome(before, false, $"{plan.Name} is applied like this already") { Diff = diff };
        }
        try
        {
            foreach (var library in plan.Deploy.Where(planned => planned.Library is not null))
            {
                Store(() => artifacts.Publish(library.Library!, library.Options.Name + ".so"));
            }
            return await MakeAlongAsync(plan, next) with { Diff = diff };
        }
        finally
        {
            Tidy();
        }
    }

    private async Task<ChangeOutcome> MakeAlongAsync(ChangePlan plan, EpochConfig next)
    {
        var takeBack = plan.Along?.Invoke();
        try
        {
            return await MakeAsync(next);
        }
        catch
        {
            takeBack?.Invoke();
            throw;
        }
    }
}
