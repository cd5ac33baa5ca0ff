using EdgeGw.Fuzz;
using SharpFuzz;

// "NAME" under afl-fuzz reads one input after the other from it; "NAME FILE..." runs those files once, to look into a finding.
if (args is not [var name, .. var files] || !FuzzTargets.All.TryGetValue(name, out var target))
{
    Console.Error.WriteLine($"usage: EdgeGw.Fuzz TARGET [FILE...]\ntargets: {string.Join(' ', FuzzTargets.All.Keys)}");
    return 2;
}
if (files.Length == 0)
{
    Fuzzer.OutOfProcess.Run(stream =>
    {
        using var input = new MemoryStream();
        stream.CopyTo(input);
        target(input.ToArray());
    });
    return 0;
}
foreach (var file in files)
{
    target(File.ReadAllBytes(file));
    Console.WriteLine($"{file}: nothing found");
}
return 0;
