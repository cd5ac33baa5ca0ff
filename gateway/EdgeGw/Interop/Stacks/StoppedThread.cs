namespace EdgeGw.Interop.Stacks;

/// <summary>What was copied from a thread while it was stopped.</summary>
/// <param name="Registers">Its registers.</param>
/// <param name="StackBytes">Its stack from <see cref="ThreadRegisters.Stack"/> up, cut at a bound.</param>
internal sealed record StoppedThread(ThreadRegisters Registers, byte[] StackBytes);
