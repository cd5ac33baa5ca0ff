namespace EdgeGw.ScriptedRoles;

/// <summary>The command line that control writes.</summary>
internal static class Arguments
{
    internal static string Get(string[] args, string option) => args[Array.IndexOf(args, option) + 1];

    internal static IEnumerable<string> All(string[] args, string option) => args.Zip(args.Skip(1)).Where(pair => pair.First == option).Select(pair => pair.Second);
}
