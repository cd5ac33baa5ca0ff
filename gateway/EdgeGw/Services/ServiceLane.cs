using System.Runtime.CompilerServices;

namespace EdgeGw.Services;

#pragma warning disable CA2012 // each ValueTask is consumed once, by the awaiter that is taken here

/// <summary>Runs one call after the other for its actor, on whatever thread the last one ended. Kept by the actor: waiting for a backend allocates nothing here.</summary>
internal sealed class ServiceLane
{
    private readonly ServiceActor _actor;
    private readonly Action _resume;
    private ValueTaskAwaiter<bool> _awaiter;
    private ServiceCall? _call;

    /// <summary>A lane of an actor.</summary>
    public ServiceLane(ServiceActor actor)
    {
        _actor = actor;
        _resume = Resume;
    }

    /// <summary>Runs a call, then those that wait; returns when there is none, or when one has to wait for its backend.</summary>
    public void Run(ServiceCall call)
    {
        var next = call;
        do
        {
            if (!TryRun(next))
            {
                return;
            }
        }
        while (_actor.TryNext(out next));
        _actor.Close(this);
    }

    /// <summary>Runs one call on this thread, to its end.</summary>
    public static void RunOne(ServiceActor actor, ServiceCall call)
    {
        if (call.IsAnswered)
        {
            call.Release(); // late or cancelled while it waited
            actor.Ended();
            return;
        }
        try
        {
            if (call.RunAsync(actor.Backend, call.Cancellation).AsTask().GetAwaiter().GetResult())
            {
                actor.Succeeded(call);
            }
        }
        catch (Exception e)
        {
            actor.Failed(call, e);
        }
        actor.Ended();
    }

    /// <summary>Runs a call of a backend that never waits.</summary>
    public static void RunImmediate(ServiceActor actor, ServiceCall call)
    {
        try
        {
            var run = call.RunAsync(actor.Backend, call.Cancellation).GetAwaiter();
            if (!run.IsCompleted)
            {
                throw new InvalidOperationException($"The backend of {actor.Config} says that it never waits, and it does.");
            }
            if (run.GetResult())
            {
                actor.Succeeded(call);
            }
        }
        catch (Exception e)
        {
            actor.Failed(call, e);
        }
        actor.Ended();
    }

    // False: it goes on in Resume.
    private bool TryRun(ServiceCall call)
    {
        if (call.IsAnswered)
        {
            call.Release(); // late or cancelled while it waited
            _actor.Ended();
            return true;
        }
        _call = call;
        try
        {
            _awaiter = call.RunAsync(_actor.Backend, call.Cancellation).GetAwaiter();
        }
        catch (Exception e)
        {
            _actor.Failed(call, e);
            _actor.Ended();
            return true;
        }
        if (!_awaiter.IsCompleted)
        {
            _awaiter.UnsafeOnCompleted(_resume);
            return false;
        }
        Finish();
        return true;
    }

    private void Resume()
    {
        Finish();
        if (_actor.TryNext(out var next))
        {
            Run(next);
        }
        else
        {
            _actor.Close(this);
        }
    }

    private void Finish()
    {
        var (call, awaiter) = (_call!, _awaiter);
        (_call, _awaiter) = (null, default);
        try
        {
            if (awaiter.GetResult())
            {
                _actor.Succeeded(call);
            }
        }
        catch (Exception e)
        {
            _actor.Failed(call, e);
        }
        _actor.Ended();
    }
}
