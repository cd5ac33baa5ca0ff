using System.Diagnostics;
using EdgeGw.Interop;

namespace EdgeGw.Control.Supervision;

/// <summary>The process behind a worker, however control came by it.</summary>
internal abstract class WorkerProcess : IDisposable
{
    private readonly TaskCompletionSource<int> _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Its id.</summary>
    internal abstract int Id { get; }

    /// <summary>Its exit code once it has ended; 128 plus the number of the signal that killed it, 0 where nobody can tell.</summary>
    internal Task<int> Exited => _exited.Task;

    /// <summary>Whether it is a child of this process.</summary>
    internal virtual bool IsChild => true;

    /// <summary>Kills it; nothing when it has ended.</summary>
    internal abstract void Kill();

    /// <inheritdoc/>
    public abstract void Dispose();

    private protected void Ended(int exitCode) => _exited.TrySetResult(exitCode);

    /// <summary>One that this program has started.</summary>
    internal sealed class Started : WorkerProcess
    {
        private readonly Process _process;

        internal Started(Process process)
        {
            _process = process;
            Id = process.Id;
            process.Exited += (_, _) => Ended(ExitCode());
            process.EnableRaisingEvents = true;
        }

        /// <inheritdoc/>
        internal override int Id { get; }

        /// <inheritdoc/>
        internal override void Kill()
        {
            try
            {
                _process.Kill();
            }
            catch (InvalidOperationException)
            {
                // Disposed: it ended between the decision and this call.
            }
        }

        /// <inheritdoc/>
        public override void Dispose() => _process.Dispose();

        // On a thread of the system's: what it throws would end control.
        private int ExitCode()
        {
            try
            {
                return _process.ExitCode;
            }
            catch (InvalidOperationException)
            {
                return 0; // disposed just now: nobody asks any more
            }
        }
    }

    /// <summary>A child of this very process that the program before in it has started. A thread of its own waits for its end, which must be known at once.</summary>
    internal sealed class Inherited : WorkerProcess
    {
        private volatile bool _hasEnded;

        internal Inherited(int id)
        {
            Id = id;
            new Thread(() => Ended(ControlPosix.WaitForChild(id, () => _hasEnded = true)), 64 * 1024) { IsBackground = true, Name = $"worker {id}" }.Start();
        }

        /// <inheritdoc/>
        internal override int Id { get; }

        /// <inheritdoc/>
        internal override void Kill()
        {
            if (!_hasEnded)
            {
                ControlPosix.Kill(Id);
            }
        }

        /// <inheritdoc/>
        public override void Dispose()
        {
        }
    }

    /// <summary>One that outlived the control process which started it: looked at now and then, since the system tells strangers nothing.</summary>
    internal sealed class Orphaned : WorkerProcess
    {
        private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(50);
        private readonly Func<bool> _lives;
        private readonly ITimer _timer;

        internal Orphaned(int id, Func<bool> lives, TimeProvider clock)
        {
            Id = id;
            _lives = lives;
            _timer = clock.CreateTimer(_ => Look(), null, s_look, s_look);
        }

        /// <inheritdoc/>
        internal override int Id { get; }

        /// <inheritdoc/>
        internal override bool IsChild => false;

        /// <inheritdoc/>
        internal override void Kill()
        {
            if (_lives())
            {
                ControlPosix.Kill(Id);
            }
        }

        /// <inheritdoc/>
        public override void Dispose() => _timer.Dispose();

        private void Look()
        {
            if (!_lives())
            {
                _timer.Dispose();
                Ended(0);
            }
        }
    }
}
