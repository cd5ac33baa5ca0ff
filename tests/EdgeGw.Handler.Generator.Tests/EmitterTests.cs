namespace EdgeGw.Generator.Tests;

public class EmitterTests
{
    private const string Everything = """
        namespace A.B
        {
            public static class H
            {
                [Handler("GET", "/"), Handler("HEAD", "/x", Host = "*.example.com", Name = "q\"é", DeadlineMs = 1, MaxBodyBytes = 5000000000, Concurrency = 2)]
                public static Response Nothing() => default;
                [Handler("GET", "/c/{id:int}/{*rest}")] public static Response C(Context c) => default;
                [Handler("POST", "/r")] public static Task<Response> R(Request r) => null!;
                [Handler("*", "/cr")] public static ValueTask<Response> @class(Context c, Request r) => default;
                [Handler("PUT", "/t")] internal static async Task<Response> T(CancellationToken t) => default;
                [Handler("PUT", "/ct")] internal static Response CT(Context c, CancellationToken t) => default;
                [Handler("PUT", "/rt")] internal static Response RT(Request r, CancellationToken t) => default;
                internal static class Inner { [Handler("PUT", "/crt")] internal static Response CRT(Context c, Request r, CancellationToken t) => default; }
                [HandlerStartup] internal static void Start(HandlerEnvironment e) { }
                [HandlerSelfTest] internal static void Check() { }
            }
        }
        """;

    [Test]
    public void What_is_generated_compiles_without_a_warning()
    {
        var run = Run.Over(Everything);
        Assert.That(run.Reported, Is.Empty);
        Assert.That(run.Compiled.Where(d => d.Id != "CS1998"), Is.Empty); // the test's own async method awaits nothing
    }

    [Test]
    public void What_is_generated_is_what_was_reviewed()
    {
        // After a change that was meant: UPDATE_SNAPSHOTS=1 dotnet test, then review the diff.
        var source = Run.Over(Everything, "My.Handlers", ("Version", "1.2.3")).Source;
        var path = Path.Combine(TestContext.CurrentContext.TestDirectory, "Snapshots", "Everything.cs.txt");
        if (Environment.GetEnvironmentVariable("UPDATE_SNAPSHOTS") == "1")
            File.WriteAllText(Path.Combine(TestContext.CurrentContext.TestDirectory, "../../../Snapshots/Everything.cs.txt"), source);
        else
            Assert.That(source, Is.EqualTo(File.ReadAllText(path)));
    }
}
