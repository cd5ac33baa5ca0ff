// ./build.sh bench [--cases=hello,routes] [--rounds=5] [--seconds=5]: the gateway and its peers under load, one after the other (bench/README.md).
Task("Bench").IsDependentOn("Publish").IsDependentOn("Packages").Does(() =>
{
    var bench = System.IO.Path.Combine(artifacts, "bench");
    foreach (var (name, inputs) in new[] { ("AspNetBaseline", new[] { "bench/Load/AspNetBaseline" }), ("Hello", ["bench/Load/Hello", "handler-sdk", "native-abi"]), ("Backends", ["bench/Load/Backends", "handler-sdk", "native-abi"]), ("Work", ["bench/Load/Work", "handler-sdk", "native-abi"]) })
    {
        var folder = System.IO.Path.Combine(bench, name);
        WhenChanged($"bench {name}", folder, inputs, () => DotNet("publish", $"bench/Load/{name}", "-c", "Release", "-r", rid, "-o", folder));
    }
    void Library(string name, string source, params string[] options) => WhenChanged($"bench {name}", System.IO.Path.Combine(bench, name), [source, "native-abi/include"], () =>
    {
        System.IO.Directory.CreateDirectory(System.IO.Path.Combine(bench, name));
        Exec("gcc", ["-std=gnu11", "-Wall", "-Werror", "-shared", "-fPIC", "-O2", .. options, "-o", System.IO.Path.Combine(bench, name, name + ".so"), source]);
    });
    Library("Kore", "bench/Load/Peers/Kore/hello.c");
    foreach (var routes in new[] { 10, 10_000 }) Library($"Routes{routes}", "bench/Load/Routes/routes.c", "-I", "native-abi/include", $"-DROUTES={routes}");
    // Where there is no cargo this peer is left out, and the report says so.
    if (TryExec("sh", ["-c", "command -v cargo"], System.IO.Path.Combine(artifacts, "cargo.log")) == 0)
        WhenChanged("bench Rust", System.IO.Path.Combine(bench, "Rust", "release", "server"), ["bench/Load/Peers/Rust"], () =>
            Exec("cargo", ["build", "--release", "--locked", "--target-dir", System.IO.Path.Combine(bench, "Rust")], System.IO.Path.Combine(artifacts, "cargo.log"), In("bench", "Load", "Peers", "Rust")));
    DotNet("build", "tests/Handlers/Handlers.csproj", "-c", "Release");
    Exec("dotnet", ["run", "--project", "bench/Load/EdgeGw.Load.csproj", "-c", "Release", "--", "--cases", Argument("cases", "all"), "--rounds", Argument("rounds", "5"), "--seconds", Argument("seconds", "5")]);
});

// ./build.sh bench-steps [--runtimes=jit,aot] [--filter='*Match*'] [--save]: single steps with BenchmarkDotNet, and what has moved since bench/results/steps.json.
Task("Bench-Steps").Does(() => Exec("dotnet", ["run", "--project", "bench/EdgeGw.Bench", "-c", "Release", "--", "steps", "--runtimes", Argument("runtimes", "jit,aot"), "--filter", Argument("filter", "*"), .. HasArgument("save") ? new[] { "--save" } : []]));
