namespace EdgeGw.Interop.Stacks;

/// <summary>Where a stopped thread is: the registers that a walk of its stack begins with.</summary>
/// <param name="Instruction">The next instruction.</param>
/// <param name="Stack">The top of the stack: its lowest address in use.</param>
/// <param name="Frame">The frame pointer, if the code keeps one.</param>
/// <param name="Link">The return address of a function that has no frame yet (arm64); 0 elsewhere.</param>
internal readonly record struct ThreadRegisters(ulong Instruction, ulong Stack, ulong Frame, ulong Link);
