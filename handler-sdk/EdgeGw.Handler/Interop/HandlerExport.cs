using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using EdgeGw.Abi;

namespace EdgeGw.Interop;

/// <summary>What stands behind the exported <c>edgegw_handler_entry</c>. Not for use by hand. No exception leaves any of its functions.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static unsafe class HandlerExport
{
    /// <summary>The least of the host table that this code needs: everything up to set_error.</summary>
    private static readonly uint HostSize = (uint)sizeof(AbiHost);

    private static readonly Lock Gate = new();

    /// <summary>Who entered with which host: init is given the host, not the library. One entry in a native library, several under a fake host.</summary>
    private static readonly List<(nint Host, HandlerLibrary Library)> Entered = [];

    /// <summary>Answers <c>edgegw_handler_entry</c>: the address of an <see cref="AbiHandler"/> that lives until the process ends, or 0 to refuse.</summary>
    public static nint Enter(nint host, HandlerLibrary library)
    {
        var table = (AbiHost*)host;
        try
        {
            ArgumentNullException.ThrowIfNull(library);
            if (table is null || table->Size < HostSize)
                return 0;
            if (table->AbiMajor != AbiVersion.Major || table->AbiMinor < AbiVersion.Minor)
                return Refuse(table, $"This library needs a gateway of ABI {AbiVersion.Major}.{AbiVersion.Minor}; this one has {table->AbiMajor}.{table->AbiMinor}.");
            lock (Gate)
            {
                Entered.RemoveAll(e => e.Host == host);
                Entered.Add((host, library));
            }
            return (nint)CreateTable(library.Manifest);
        }
        catch (Exception e)
        {
            return Refuse(table, e.Message);
        }
    }

    private static AbiHandler* CreateTable(ReadOnlySpan<byte> manifest)
    {
        var text = (byte*)NativeMemory.Alloc((nuint)manifest.Length);
        manifest.CopyTo(new Span<byte>(text, manifest.Length));
        var handler = (AbiHandler*)NativeMemory.AllocZeroed((nuint)sizeof(AbiHandler));
        *handler = new AbiHandler
        {
            Size = (uint)sizeof(AbiHandler),
            AbiMajor = AbiVersion.Major,
            AbiMinor = AbiVersion.Minor,
            Manifest = new AbiText(text, manifest.Length),
            Init = &Init,
            Handle = &Handle,
            SelfTest = &SelfTest,
        };
        return handler;
    }

    [UnmanagedCallersOnly]
    private static AbiResult Init(AbiHost* host, void** instance)
    {
        try
        {
            HandlerLibrary? library = null;
            lock (Gate)
            {
                foreach (var entry in Entered)
                {
                    if (entry.Host == (nint)host)
                        library = entry.Library;
                }
            }
            if (library is null)
                return AbiResult.InvalidState;
            var created = new LibraryInstance(host, library);
            library.Startup(created.Environment);
            *instance = (void*)GCHandle.ToIntPtr(GCHandle.Alloc(created));
            return AbiResult.Ok;
        }
        catch (Exception e)
        {
            Refuse(host, Sentence(e));
            return ResultOf(e);
        }
    }

    [UnmanagedCallersOnly]
    private static AbiResult Handle(void* instance, uint route, AbiRequest* request)
    {
        try
        {
            var library = Unsafe.As<LibraryInstance>(GCHandle.FromIntPtr((nint)instance).Target!);
            return Exchange.Rent(library, route, request).Run(route);
        }
        catch (Exception e)
        {
            return ResultOf(e);
        }
    }

    [UnmanagedCallersOnly]
    private static AbiResult SelfTest(void* instance)
    {
        var library = Unsafe.As<LibraryInstance>(GCHandle.FromIntPtr((nint)instance).Target!);
        try
        {
            library.Handlers.SelfTest(library.Environment);
            return AbiResult.Ok;
        }
        catch (Exception e)
        {
            Refuse(library.Host, Sentence(e));
            return ResultOf(e);
        }
    }

    internal static AbiResult ResultOf(Exception e) => e is OutOfMemoryException ? AbiResult.OutOfMemory : AbiResult.Internal;

    private static string Sentence(Exception e) => $"{e.GetType().Name}: {e.Message}";

    private static nint Refuse(AbiHost* host, string message)
    {
        try
        {
            var bytes = Encoding.UTF8.GetBytes(message);
            fixed (byte* data = bytes)
                host->SetError(host, new AbiText(data, bytes.Length));
        }
        catch (OutOfMemoryException)
        {
            // No memory for the reason; the result alone says it failed.
        }
        return 0;
    }
}
