using System.ComponentModel;
using System.Globalization;
using EdgeGw.Configuration;
using EdgeGw.Control.Epochs;
using EdgeGw.Control.Observability;
using EdgeGw.Control.Storage;
using EdgeGw.Control.Supervision;
using EdgeGw.Epochs;

namespace EdgeGw.Control.Isolation;

/// <summary>Keeps the worker of one deployment running. Its clients are the shared worker's requests, which find it by a link: a successor is there as soon as the link leads to it.</summary>
internal sealed class IsolatedWorker
{
    private static readonly TimeSpan s_lastWords = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly IsolatedWorkers _all;
    private readonly EdgeGwCommand _command;
    private readonly StateDirectory _state;
    private readonly GatewaySettings _settings;
    private readonly EpochStore _epochs;
    private readonly ControlLog _log;
    private readonly TimeProvider _clock;
    private readonly RestartBackoff _backoff;
    private readonly TaskCompletionSource _ending = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<IReadOnlyList<string>> _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource _replaced = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private WorkerInstance? _serving;
    private WorkerInstance? _starting;
    private Task _running = Task.CompletedTask;
    private long _restarts;

    internal IsolatedWorker(
        string key, EpochHandler handler, IsolatedWorkers all, EdgeGwCommand command, StateDirectory state, GatewaySettings settings, EpochStore epochs, ControlLog log, TimeProvider clock)
    {
        (Key, Handler, _all, _command, _state, _settings, _epochs, _log, _clock) = (key, handler, all, command, state, settings, epochs, log, clock);
        _backoff = new RestartBackoff(TimeSpan.FromMilliseconds(settings.Worker.RestartBackoffMs));
    }

    /// <summary>The deployment's <see cref="DeploymentKey"/>.</summary>
    internal string Key { get; }

    /// <summary>The deployment.</summary>
    internal EpochHandler Handler { get; }

    /// <summary>The worker that serves; null while there is none.</summary>
    internal WorkerInstance? Serving
    {
        get
        {
            lock (_gate)
            {
                return _serving is { Exited.IsCompleted: false } worker ? worker : null;
            }
        }
    }

    /// <summary>Workers started after one that had died.</summary>
    internal long Restarts => Interlocked.Read(ref _restarts);

    /// <summary>Why there is none, or why the last one ended; null when none has.</summary>
    internal string? LastEnd { get; private set; }

    /// <summary>Name and version, for people.</summary>
    public override string ToString() => $"{Handler.Name} {Handler.Version}";

    /// <summary>Starts it with an epoch. A <paramref name="strict"/> one that refuses, or dies over it, is given up with the reasons; any other is started again.</summary>
    internal Task<IReadOnlyList<string>> StartAsync(EpochConfig epoch, string epochPath, bool strict)
    {
        _running = Task.Run(() => RunAsync(epoch, epochPath, strict));
        return _first.Task;
    }

    /// <summary>Puts a fresh worker in the place of the one that serves; null when it is done, else why not.</summary>
    internal async Task<string?> ReplaceAsync()
    {
        var (next, failure) = Launch(_epochs.Current, _epochs.CurrentPath, strict: true);
        if (next is null)
        {
            return failure;
        }
        if (!await BecomesReadyAsync(next) || Enter(next) is not { } entered)
        {
            return await FailedAsync(next);
        }
        if (entered.Before is { } before)
        {
            _all.Drain(before, Handler);
        }
        return null;
    }

    /// <summary>Shows it an epoch in which its services are others; one that does not take it is started again.</summary>
    internal async Task ShowAsync(EpochConfig epoch, string epochPath)
    {
        if (Serving is not { } worker)
        {
            return; // the next one starts with it
        }
        await worker.Client.TellSecretsAsync(SecretsOf(epoch));
        var outcome = await worker.Client.PutEpochAsync(epochPath, TimeSpan.FromMilliseconds((long)_settings.Worker.StartTimeoutMs + _settings.Handlers.LoadTimeoutMs));
        if (outcome.Result != ApplyResult.Accepted && !worker.Exited.IsCompleted)
        {
            _log.Error($"The worker of {this} does not take the epoch: {string.Join(' ', outcome.Reasons)} It is started again.");
            worker.Kill();
        }
    }

    /// <summary>Ends it: its requests have the handler's drain time. No other is started.</summary>
    internal void End()
    {
        if (Forget() is { } serving)
        {
            _all.Drain(serving, Handler);
        }
    }

    /// <summary>Starts no other one; gives the one that serves, which is the caller's from then on.</summary>
    internal WorkerInstance? Forget()
    {
        lock (_gate)
        {
            _ending.TrySetResult();
            _starting?.Kill();
            var serving = _serving;
            _serving = null;
            _replaced.TrySetResult();
            return serving is { Exited.IsCompleted: false } ? serving : null;
        }
    }

    /// <summary>Ends when nothing is started or followed any more, after <see cref="Forget"/>.</summary>
    internal Task Ended => _running;

    private async Task RunAsync(EpochConfig? epoch, string epochPath, bool strict)
    {
        while (!_ending.Task.IsCompleted)
        {
            var (worker, failure) = Launch(epoch, epochPath, strict);
            if (worker is null)
            {
                Settle(strict, failure);
            }
            else if (await BecomesReadyAsync(worker) && Enter(worker) is { } entered)
            {
                if (entered.Before is { } before)
                {
                    _all.Drain(before, Handler); // a replacement came while this one was starting
                }
                _log.Info($"Worker {worker.Id} (process {worker.ProcessId}) serves {this} alone; it was ready after {worker.Age.TotalMilliseconds:0} ms.");
                _first.TrySetResult([]);
                worker = await FollowAsync();
                if (worker is null)
                {
                    break;
                }
                Leave(worker, await worker.Exited, atBoot: false);
            }
            else if (worker.Refusals.Count > 0)
            {
                Settle(strict, [.. worker.Refusals]);
                await FailedAsync(worker);
            }
            else
            {
                var why = await FailedAsync(worker, keep: true);
                Settle(strict, why);
                Leave(worker, await worker.Exited, atBoot: true);
            }
            if (strict && _first.Task.IsCompleted && _first.Task.Result.Count > 0)
            {
                break;
            }
            Interlocked.Increment(ref _restarts);
            strict = false;
            await Task.WhenAny(_ending.Task, Task.Delay(_backoff.Next(worker?.Age ?? TimeSpan.Zero), _clock));
            (epoch, epochPath) = (_epochs.Current, _epochs.CurrentPath);
        }
        _first.TrySetResult(["The gateway is stopping."]);
    }

    private void Settle(bool strict, params IReadOnlyList<string> reasons)
    {
        LastEnd = string.Join(' ', reasons);
        _log.Error($"The worker of {this} did not come into service: {LastEnd}");
        if (strict)
        {
            _first.TrySetResult(reasons);
        }
    }

    private IReadOnlyDictionary<string, string> SecretsOf(EpochConfig? epoch) => _all.Secrets(epoch is null ? [] : IsolatedEpoch.Of(epoch, Key)?.Services ?? []);

    private (WorkerInstance? Worker, string Failure) Launch(EpochConfig? epoch, string epochPath, bool strict)
    {
        lock (_gate)
        {
            if (_ending.Task.IsCompleted)
            {
                return (null, "The gateway is stopping, or the handler is replaced.");
            }
            try
            {
                var limits = Handler.Isolation ?? new EpochIsolation();
                _starting = WorkerInstance.StartIsolated(_all.TakeId(), _command, _state, _settings, epochPath, strict, Key, limits, _all.GatewayUrl, SecretsOf(epoch), _clock);
                _all.Groups?.Follow(_starting, limits.MemoryBytes);
                return (_starting, "");
            }
            catch (Exception e) when (e is Win32Exception or IOException)
            {
                return (null, $"It cannot be started: {e.Message.TrimEnd('.')}.");
            }
        }
    }

    private async Task<bool> BecomesReadyAsync(WorkerInstance worker)
    {
        if (!await worker.StartsAsync(_settings))
        {
            return false;
        }
        // One that refuses says why and ends: its end may be seen before its words.
        await Task.WhenAny(worker.Ready, Task.Delay(s_lastWords, _clock));
        return worker.Ready is { IsCompletedSuccessfully: true, Result: true };
    }

    // Null when nobody wants it any more, or it cannot be linked.
    private Entered? Enter(WorkerInstance worker)
    {
        lock (_gate)
        {
            _starting = null;
            if (_ending.Task.IsCompleted)
            {
                return null;
            }
            try
            {
                Link(worker);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                _log.Error($"The worker of {this} cannot be reached: {Files.Reason(e)}.");
                return null;
            }
            var before = _serving is { Exited.IsCompleted: false } serving ? serving : null;
            _serving = worker;
            LastEnd = null;
            Interlocked.Exchange(ref _replaced, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
            _all.Follow(this, worker);
            return new Entered(before);
        }
    }

    // In one step, so that there is always one to be found.
    private void Link(WorkerInstance worker)
    {
        var path = DeploymentKey.SocketOf(_state.Root, Key);
        var next = string.Create(CultureInfo.InvariantCulture, $"{path}.{worker.Id}");
        File.Delete(next);
        File.CreateSymbolicLink(next, Path.GetFileName(_state.WorkerRelay(worker.Id)));
        File.Move(next, path, overwrite: true);
    }

    private async Task<string> FailedAsync(WorkerInstance next, bool keep = false)
    {
        var isLate = !next.Ready.IsCompleted && !next.Exited.IsCompleted;
        next.Kill();
        var exitCode = await next.Exited;
        var why = next.Refusals.Count > 0 ? string.Join(' ', next.Refusals)
            : isLate ? $"it was not ready within {_settings.Worker.StartTimeoutMs} ms (Worker:StartTimeoutMs)."
            : $"it ended with {WorkerInstance.Ending(exitCode)} before it served.";
        if (!keep)
        {
            next.Dispose();
        }
        return why;
    }

    // The worker in service from now on, whoever replaces whom, until it ends; null when nobody is to follow any more.
    private async Task<WorkerInstance?> FollowAsync()
    {
        while (true)
        {
            WorkerInstance? worker;
            Task replaced;
            lock (_gate)
            {
                (worker, replaced) = (_serving, _replaced.Task);
            }
            if (worker is null)
            {
                return null;
            }
            await Task.WhenAny(worker.Exited, replaced);
            lock (_gate)
            {
                if (_serving == worker && worker.Exited.IsCompleted)
                {
                    _serving = null;
                    return worker;
                }
            }
        }
    }

    private void Leave(WorkerInstance worker, int exitCode, bool atBoot)
    {
        LastEnd = $"it ended with {WorkerInstance.Ending(exitCode)}.";
        _log.Error($"Worker {worker.Id} (process {worker.ProcessId}) of {this} ended after {worker.Age.TotalMilliseconds:0} ms with {WorkerInstance.Ending(exitCode)}.");
        if (!_ending.Task.IsCompleted)
        {
            _all.Died(this, worker, exitCode, atBoot);
        }
        worker.Dispose();
    }

    private sealed record Entered(WorkerInstance? Before);
}
