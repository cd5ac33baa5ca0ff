using System.Text.RegularExpressions;

namespace EdgeGw.Tidy.Tests;

/// <summary>Rules about code.</summary>
public sealed partial class CodeTests
{
    private const int LongestFile = 400;

    // A file over the limit, and why it is not two.
    private static readonly Dictionary<string, string> LongForAReason = new();

    [Test]
    public void Unsafe_code_stays_in_Interop_folders_and_the_ABI() =>
        Assert.That(SourceFile.CSharp.Where(file => !file.IsBelow("native-abi") && !file.Name.Contains("/Interop/", StringComparison.Ordinal)).SelectMany(file => file.Find(Unsafe().IsMatch)), Is.Empty);

    [Test]
    public void No_file_is_long_without_a_reason()
    {
        var tooLong = SourceFile.All.Where(file => CodeExtension().IsMatch(file.Name) && file.Lines.Count() > LongestFile).Select(file => file.Name).ToList();
        Assert.That(tooLong, Is.SubsetOf(LongForAReason.Keys));
        Assert.That(LongForAReason.Keys, Is.SubsetOf(tooLong), "a reason that is needed no more");
    }

    [Test]
    public void Tests_wait_for_conditions_and_never_for_a_time() =>
        Assert.That(SourceFile.CSharp.Where(file => file.Name.Contains("Tests", StringComparison.Ordinal) || file.IsBelow("tests")).SelectMany(file => file.Find(Waiting().IsMatch)), Is.Empty);

    [Test]
    public void Nothing_is_left_for_later() =>
        Assert.That(SourceFile.All.Where(file => CodeExtension().IsMatch(file.Name) || file.Name.EndsWith(".md", StringComparison.Ordinal)).SelectMany(file => file.Find(Later().IsMatch)), Is.Empty);

    [Test]
    public void No_folder_or_class_is_a_drawer_for_everything() =>
        Assert.That(SourceFile.CSharp.Where(file => Drawer().IsMatch(file.Name)).Select(file => file.Name), Is.Empty);

    [Test]
    public void Time_comes_from_a_TimeProvider() =>
        Assert.That(SourceFile.CSharp.Where(file => file.IsBelow("gateway") || file.IsBelow("handler-sdk")).SelectMany(file => file.Find(Clock().IsMatch)), Is.Empty);

    [GeneratedRegex(@"^(?!\s*//)(?=.*\bunsafe\b)(?!.*"".*\bunsafe\b.*"")")]
    private static partial Regex Unsafe();

    [GeneratedRegex(@"\.(cs|cake|sh|c|h|csproj|props|targets)$|^\.ci/run$")]
    private static partial Regex CodeExtension();

    [GeneratedRegex(@"\bThread\.(Sleep|SpinWait)\(|\bTask\.Delay\((?!Timeout\.Infinite)")]
    private static partial Regex Waiting();

    [GeneratedRegex(@"\b(TO" + @"DO|FIX" + @"ME|XX" + @"X|HA" + @"CK)\b")]
    private static partial Regex Later();

    [GeneratedRegex(@"(Utils?|Helpers?|Manager)(/|\.cs$)")]
    private static partial Regex Drawer();

    [GeneratedRegex(@"\bDateTime(Offset)?\.(Utc)?Now\b")]
    private static partial Regex Clock();
}
