using System.Security.Cryptography;
using EdgeGw.Configuration;
using EdgeGw.Control.Changes;
using EdgeGw.Control.Compiling.Sources;
using EdgeGw.Control.Observability;

namespace EdgeGw.Control.Compiling.Builds;

/// <summary>The builds: a bounded number waits, a few run, the newest that are over can be asked for.</summary>
internal sealed class BuildQueue(SourceCompiler compiler, CompileSettings settings, ControlLog log, TimeProvider clock) : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _turns = new(settings.Parallel);
    private readonly Dictionary<string, Build> _builds = [];
    private readonly Queue<string> _over = new();
    private readonly HashSet<Task> _running = [];
    private int _waiting;
    private bool _isClosed;

    /// <summary>Builds that wait for their turn.</summary>
    internal int Waiting => Volatile.Read(ref _waiting);

    /// <summary>Told of each build that makes a library, when it is asked for, begins, and is over. Any thread.</summary>
    internal Action<BuildDocument>? Changed { get; set; }

    /// <summary>A build by its name; null when there is none, or not any more.</summary>
    internal Build? Find(string id)
    {
        lock (_lock)
        {
            return _builds.GetValueOrDefault(id);
        }
    }

    /// <summary>The builds that make a library, newest first; those of one endpoint when it is given.</summary>
    internal IReadOnlyList<BuildDocument> Newest(string? endpoint)
    {
        lock (_lock)
        {
            return [.. _builds.Values.Select(build => build.Document).Where(build => build.Endpoint is not null && (endpoint is null || build.Endpoint == endpoint)).OrderByDescending(build => build.Created)];
        }
    }

    /// <summary>Throws <see cref="ChangeRefusedException"/> when a source cannot be compiled here.</summary>
    internal void Check(SourceInput input) => compiler.Check(input);

    /// <summary>Begins a build, or has it wait. Throws <see cref="ChangeRefusedException"/> when the source cannot be compiled here, or too many builds wait.</summary>
    /// <param name="endpoint">Whose it is; null for a check, which makes no library.</param>
    /// <param name="input">What is compiled.</param>
    /// <param name="then">What is done with the library.</param>
    internal Build Begin(string? endpoint, SourceInput input, BuildEnd? then = null)
    {
        compiler.Check(input);
        lock (_lock)
        {
            if (_isClosed)
            {
                throw new ChangeRefusedException(503, "The gateway stops; ask the next one.");
            }
            if (Waiting >= settings.Queue && _turns.CurrentCount == 0)
            {
                throw new ChangeRefusedException(503, $"{Waiting} builds wait already, the most that Compile:Queue allows; try again when some are over.");
            }
            var build = new Build(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6)), endpoint, input, then, clock);
            _builds.Add(build.Id, build);
            Interlocked.Increment(ref _waiting);
            Tell(build);
            var running = Task.Run(() => RunAsync(build));
            _running.Add(running);
            _ = running.ContinueWith(Forget, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            return build;
        }
    }

    /// <summary>Ends all builds, and waits until their processes are gone.</summary>
    public async ValueTask DisposeAsync()
    {
        Task[] running;
        lock (_lock)
        {
            _isClosed = true;
            foreach (var build in _builds.Values.Where(build => !build.IsOver))
            {
                build.Cancel();
            }
            running = [.. _running];
        }
        await Task.WhenAll(running);
        _turns.Dispose();
    }

    private async Task RunAsync(Build build)
    {
        var isWaiting = true;
        try
        {
            await _turns.WaitAsync(build.Cancellation);
            Began();
            try
            {
                build.Change(document => document with { State = BuildStates.Running });
                Tell(build);
                await CompileAsync(build);
            }
            finally
            {
                _turns.Release();
            }
        }
        catch (OperationCanceledException) when (build.Cancellation.IsCancellationRequested)
        {
            Began();
            build.Change(document => document with { State = BuildStates.Cancelled, Phase = null });
        }
        catch (Exception e)
        {
            Began();
            log.Error($"The build {build.Id} failed: {e}");
            Fail(build, BuildDiagnostic.Failure("The gateway failed over this build; its log has the details."));
        }
        Tell(build);
        build.End();
        Keep(build);

        void Began()
        {
            if (isWaiting)
            {
                isWaiting = false;
                Interlocked.Decrement(ref _waiting);
            }
        }
    }

    private async Task CompileAsync(Build build)
    {
        var isCheck = build.Document.Endpoint is null;
        var result = await compiler.RunAsync(build.Input, library: !isCheck, build.Phases, log.Warning, build.Cancellation);
        build.Change(document => document with { Diagnostics = result.Diagnostics, Sha256 = result.Sha256, Bytes = result.Bytes, Cached = result.Cached });
        if (result.Diagnostics.Any(found => found.Severity == BuildDiagnostic.Error) || (!isCheck && result.Library is null))
        {
            build.Change(document => document with { State = BuildStates.Failed });
            return;
        }
        long? deployment = null;
        if (build.Then is { } then)
        {
            try
            {
                deployment = await build.Phases.RunAsync(then.Phase, () => then.RunAsync(build, result, build.Cancellation));
            }
            catch (ChangeRefusedException e)
            {
                Fail(build, [BuildDiagnostic.Failure(e.Message), .. e.Reasons.Select(reason => BuildDiagnostic.Failure(reason))]);
                return;
            }
        }
        build.Change(document => document with { State = BuildStates.Succeeded, Deployment = deployment });
    }

    private void Tell(Build build)
    {
        var document = build.Document;
        if (document.Endpoint is not null)
        {
            Changed?.Invoke(document);
        }
    }

    private static void Fail(Build build, params IReadOnlyList<BuildDiagnostic> reasons) =>
        build.Change(document => document with { State = BuildStates.Failed, Phase = null, Diagnostics = [.. reasons, .. document.Diagnostics] });

    private void Keep(Build build)
    {
        lock (_lock)
        {
            if (build.Document.Endpoint is null)
            {
                _builds.Remove(build.Id); // a check: who asked has its document
                build.Dispose();
                return;
            }
            _over.Enqueue(build.Id);
            while (_over.Count > settings.KeepBuilds)
            {
                if (_builds.Remove(_over.Dequeue(), out var old))
                {
                    old.Dispose();
                }
            }
        }
    }

    private void Forget(Task running)
    {
        lock (_lock)
        {
            _running.Remove(running);
        }
    }
}
