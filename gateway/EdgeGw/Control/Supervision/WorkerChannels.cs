using System.IO.Pipes;
using System.Runtime.InteropServices;
using EdgeGw.Control.Crashes;
using EdgeGw.Control.Upgrading;
using Microsoft.Win32.SafeHandles;

namespace EdgeGw.Control.Supervision;

/// <summary>What control and a worker share beside sockets: the pipe whose end is the worker's, its standard error, and the memory of who is inside which call. Stays open when another
/// program takes control's place in the same process.</summary>
internal sealed class WorkerChannels
{
    // Kept here, since a stream does not give its handle any more once it is closed.
    private readonly SafePipeHandle _life;
    private readonly SafePipeHandle? _errors;

    /// <summary>Begins to pass the worker's standard error on.</summary>
    /// <param name="life">The pipe that the worker says "ready" on; its end is the worker's end.</param>
    /// <param name="errors">What the worker writes to its standard error.</param>
    /// <param name="calls">Who is inside which call.</param>
    /// <param name="keepErrors">Bytes of the standard error's end that are kept.</param>
    internal WorkerChannels(PipeStream life, Stream errors, CrashMemory calls, int keepErrors)
    {
        Life = life;
        _life = life.SafePipeHandle;
        Calls = calls;
        _errors = (errors as PipeStream)?.SafePipeHandle;
        Errors = new StandardErrorTail(errors, Console.OpenStandardError(), keepErrors);
    }

    /// <summary>The pipe whose end is the worker's end.</summary>
    internal PipeStream Life { get; }

    /// <summary>What the worker writes to standard error.</summary>
    internal StandardErrorTail Errors { get; }

    /// <summary>Who is inside which call in it.</summary>
    internal CrashMemory Calls { get; }

    /// <summary>What stays open for the program after this one, once <see cref="Leave"/> has been called.</summary>
    internal IReadOnlyList<SafeHandle> Left { get; private set; } = [];

    /// <summary>Keeps the descriptors open from now on, for the program after this one, even if the worker ends meanwhile; null when one of them is gone already, which is the worker's end.</summary>
    internal InheritedChannels? Leave()
    {
        if (_errors is null)
        {
            return null;
        }
        var held = new List<SafeHandle>();
        try
        {
            foreach (var handle in (SafeHandle[])[_life, _errors, Calls.Handle])
            {
                var isHeld = false;
                handle.DangerousAddRef(ref isHeld); // never released: this program ends here
                held.Add(handle);
            }
        }
        catch (ObjectDisposedException)
        {
            held.ForEach(static handle => handle.DangerousRelease());
            return null;
        }
        Left = held;
        return new((int)_life.DangerousGetHandle(), (int)_errors.DangerousGetHandle(), (int)Calls.Handle.DangerousGetHandle());
    }

    /// <summary>Takes over what the program before in this process has left; null when it left nothing.</summary>
    internal static WorkerChannels? Adopt(InheritedChannels? left, int keepErrors) => left is null ? null : new(
        Pipe(left.Life), Pipe(left.Errors), new CrashMemory(ForNoChild(new SafeFileHandle(left.Calls, ownsHandle: true))), keepErrors);

    private static AnonymousPipeClientStream Pipe(int descriptor) => new(PipeDirection.In, ForNoChild(new SafePipeHandle(descriptor, ownsHandle: true)));

    private static T ForNoChild<T>(T handle) where T : SafeHandle
    {
        Interop.ControlDescriptors.SetInheritable(handle, false);
        return handle;
    }
}
