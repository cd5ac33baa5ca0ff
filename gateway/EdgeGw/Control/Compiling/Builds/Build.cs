using EdgeGw.Control.Compiling.Sources;

namespace EdgeGw.Control.Compiling.Builds;

/// <summary>Where a build is.</summary>
internal static class BuildStates
{
    internal const string Queued = "queued";
    internal const string Running = "running";
    internal const string Succeeded = "succeeded";
    internal const string Failed = "failed";
    internal const string Cancelled = "cancelled";
}

/// <summary>One build, from the moment it was asked for. Any thread may read it.</summary>
internal sealed class Build : IDisposable
{
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _cancel = new();
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private BuildDocument _document;

    internal Build(string id, string? endpoint, SourceInput input, BuildEnd? then, TimeProvider clock)
    {
        Id = id;
        Input = input;
        Then = then;
        Phases = new BuildPhases(clock, () => Change(document => document with { Phase = Phases!.Current, Phases = Phases.All }));
        _document = new BuildDocument(id, endpoint, BuildStates.Queued, null, [], [], null, 0, false, null, clock.GetUtcNow());
    }

    /// <summary>Its name.</summary>
    internal string Id { get; }

    /// <summary>What is compiled.</summary>
    internal SourceInput Input { get; }

    /// <summary>What is done with the library; null when that is only kept.</summary>
    internal BuildEnd? Then { get; }

    /// <summary>Its phases.</summary>
    internal BuildPhases Phases { get; }

    /// <summary>As it is now.</summary>
    internal BuildDocument Document
    {
        get
        {
            lock (_lock)
            {
                return _document;
            }
        }
    }

    /// <summary>Completes when nothing more happens to it.</summary>
    internal Task Over => _over.Task;

    /// <summary>Whether nothing more happens to it.</summary>
    internal bool IsOver => _over.Task.IsCompleted;

    /// <summary>Cancelled when nobody wants it any more.</summary>
    internal CancellationToken Cancellation => _cancel.Token;

    /// <summary>Ends it, wherever it is; nothing happens to one that is over.</summary>
    internal void Cancel()
    {
        if (!IsOver)
        {
            try
            {
                _cancel.Cancel();
            }
            catch (ObjectDisposedException)
            {
                // It was over at that moment, and is not kept.
            }
        }
    }

    /// <summary>As it is now, and what completes with the next change of it.</summary>
    internal (BuildDocument Document, Task Changed) Watch()
    {
        lock (_lock)
        {
            return (_document, _changed.Task);
        }
    }

    /// <summary>Makes a change that everybody who watches sees.</summary>
    internal void Change(Func<BuildDocument, BuildDocument> change)
    {
        TaskCompletionSource told;
        lock (_lock)
        {
            _document = change(_document);
            told = _changed;
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
        told.SetResult();
    }

    /// <summary>Says that nothing more happens to it.</summary>
    internal void End() => _over.TrySetResult();

    /// <inheritdoc/>
    public void Dispose() => _cancel.Dispose();
}
