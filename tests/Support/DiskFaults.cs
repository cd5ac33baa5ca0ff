using System.IO.MemoryMappedFiles;
using System.Text;

namespace EdgeGw.Tests.Support;

/// <summary>What goes wrong in a call that changes a state directory.</summary>
public enum DiskFault
{
    /// <summary>The process is killed, in the middle of what it writes.</summary>
    Kill = 1,
    /// <summary>The disk is full from then on: nothing can be added, until <see cref="DiskFaults.Disarm"/>.</summary>
    Full = 2,
    /// <summary>That one call fails: EIO.</summary>
    Broken = 3,
}

/// <summary>Has the n-th call that changes a folder go wrong, in the control and scout processes of a gateway started with <see cref="Environment"/> (tests/Handlers/diskfaults.c).</summary>
public sealed class DiskFaults : IDisposable
{
    private const int Bytes = 4096;

    private readonly TemporaryFolder _folder = new();
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _plan;
    private readonly string _path;

    /// <summary>Nothing goes wrong yet.</summary>
    public DiskFaults()
    {
        _path = _folder["plan"];
        File.WriteAllBytes(_path, new byte[Bytes]);
        _file = MemoryMappedFile.CreateFromFile(_path, FileMode.Open);
        _plan = _file.CreateViewAccessor(0, Bytes);
    }

    /// <summary>Calls since <see cref="Arm"/>.</summary>
    public int Count => _plan.ReadInt32(8);

    /// <summary>The calls since <see cref="Arm"/>, by name.</summary>
    public IReadOnlyList<string> Calls
    {
        get
        {
            var names = new byte[Bytes - 12];
            _plan.ReadArray(12, names, 0, names.Length);
            return Encoding.ASCII.GetString(names).TrimEnd('\0').Split('\n', StringSplitOptions.RemoveEmptyEntries);
        }
    }

    /// <summary>The variables of the gateway with that state directory.</summary>
    public Dictionary<string, string?> Environment(string state) => new()
    {
        ["LD_PRELOAD"] = Repository.Fixture("diskfaults"),
        ["DISKFAULT_PLAN"] = _path,
        ["DISKFAULT_BELOW"] = state,
        ["DISKFAULT_ROLES"] = "run,scout",
    };

    /// <summary>The <paramref name="number"/>-th call from now, counted from 1, goes wrong.</summary>
    public void Arm(int number, DiskFault fault)
    {
        Disarm();
        _plan.WriteArray(8, new byte[Bytes - 8], 0, Bytes - 8);
        _plan.Write(4, (int)fault);
        _plan.Write(0, number);
    }

    /// <summary>Nothing goes wrong any more; what was counted stays.</summary>
    public void Disarm() => _plan.Write(0, 0);

    /// <inheritdoc/>
    public void Dispose()
    {
        _plan.Dispose();
        _file.Dispose();
        _folder.Dispose();
    }
}
