// The build: ./build.sh TARGET hands over to here. Everything it makes goes below artifacts/.
#load "bench/bench.cake"
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Xml.Linq;

var root = Context.Environment.WorkingDirectory.FullPath;
var artifacts = System.IO.Path.Combine(root, "artifacts");
var packages = System.IO.Path.Combine(artifacts, "packages");
var gatewayFolder = System.IO.Path.Combine(artifacts, "edgegw");
var gateway = System.IO.Path.Combine(gatewayFolder, "edgegw");
var samplesFolder = System.IO.Path.Combine(artifacts, "samples");
var testResults = System.IO.Path.Combine(artifacts, "test-results");
var adminUi = System.IO.Path.Combine(artifacts, "admin-ui");
var debian = System.IO.Path.Combine(artifacts, "debian");
var version = (string)XDocument.Load(System.IO.Path.Combine(root, "Directory.Build.props")).Descendants("Version").First();
var rid = $"linux-{RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()}";
string[] shared = ["global.json", "Directory.Build.props", "Directory.Packages.props", ".editorconfig"];

string[] formatWhitespace = ["format", "whitespace", ".", "--folder", "--exclude", "artifacts", "--exclude", "tools", "--exclude", "handler-sdk/templates"];

string In(params string[] parts) => System.IO.Path.Combine([root, .. parts]);

// Runs a program in the root folder with its output here, or into a log that is shown when it fails.
void Exec(string program, IEnumerable<string> arguments, string log = null, string folder = null)
{
    if (TryExec(program, arguments, log, folder) is var code and not 0)
    {
        if (log is not null) Console.Error.Write(System.IO.File.ReadAllText(log));
        throw new CakeException($"`{program} {string.Join(' ', arguments)}` failed with exit code {code}.");
    }
}

int TryExec(string program, IEnumerable<string> arguments, string log = null, string folder = null)
{
    var start = new ProcessStartInfo(program) { WorkingDirectory = folder ?? root, RedirectStandardInput = true, RedirectStandardOutput = log is not null, RedirectStandardError = log is not null };
    foreach (var argument in arguments) start.ArgumentList.Add(argument);
    using var process = Process.Start(start);
    process.StandardInput.Close();
    if (log is not null)
    {
        System.IO.Directory.CreateDirectory(System.IO.Path.GetDirectoryName(log));
        using var writer = TextWriter.Synchronized(new StreamWriter(log));
        process.OutputDataReceived += (_, line) => { if (line.Data is not null) writer.WriteLine(line.Data); };
        process.ErrorDataReceived += (_, line) => { if (line.Data is not null) writer.WriteLine(line.Data); };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        process.WaitForExit();
    }
    process.WaitForExit();
    return process.ExitCode;
}

void DotNet(params string[] arguments) => Exec("dotnet", [.. arguments, "--nologo", "-v:q", "-clp:NoSummary"]);

IEnumerable<string> Sources(params string[] folders) =>
    from folder in folders
    let path = In(folder)
    from file in System.IO.File.Exists(path) ? [path] : System.IO.Directory.Exists(path) ? System.IO.Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories) : []
    let relative = System.IO.Path.GetRelativePath(root, file)
    where !relative.Split('/').Any(part => part is "bin" or "obj" or "node_modules" or "TestResults")
    orderby relative
    select file;

// Does the work unless the content of its inputs is what it was last time and its output is still there.
void WhenChanged(string name, string output, string[] inputs, Action work)
{
    using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    foreach (var file in Sources([.. inputs, .. shared]))
    {
        hash.AppendData(System.Text.Encoding.UTF8.GetBytes(System.IO.Path.GetRelativePath(root, file) + "\0"));
        hash.AppendData(System.IO.File.ReadAllBytes(file));
    }
    var content = Convert.ToHexStringLower(hash.GetHashAndReset());
    var stamp = System.IO.Path.Combine(artifacts, "stamps", name);
    if (System.IO.Path.Exists(output) && System.IO.File.Exists(stamp) && System.IO.File.ReadAllText(stamp) == content)
    {
        Information($"{name}: unchanged");
        return;
    }
    System.IO.Directory.CreateDirectory(System.IO.Path.GetDirectoryName(stamp));
    System.IO.File.Delete(stamp);
    var watch = Stopwatch.StartNew();
    work();
    System.IO.File.WriteAllText(stamp, content);
    Information($"{name}: {watch.Elapsed.TotalSeconds:0.0} s");
}

Task("Clean").Does(() =>
{
    foreach (var folder in new[] { "gateway", "handler-sdk", "native-abi", "tests", "bench" }.Select(name => In(name)).Where(System.IO.Directory.Exists))
        foreach (var name in new[] { "bin", "obj" })
            foreach (var path in System.IO.Directory.GetDirectories(folder, name, SearchOption.AllDirectories))
                if (System.IO.Directory.Exists(path)) System.IO.Directory.Delete(path, recursive: true);
    if (System.IO.Directory.Exists(artifacts)) System.IO.Directory.Delete(artifacts, recursive: true);
});

Task("Format").Does(() =>
{
    Exec("dotnet", ["format", "edgegw.slnx"]);
    Exec("dotnet", formatWhitespace);
});

// White space only: the rest of the style is enforced by the compiler, warnings being errors.
Task("FormatCheck").Does(() => Exec("dotnet", [.. formatWhitespace, "--verify-no-changes"]));

// The Admin UI as one bundle, compressed, that the gateway embeds. Without npm a plain `dotnet build` still makes a gateway: one whose /admin/ says how to get the page.
Task("AdminUi").Does(() => WhenChanged("admin-ui", adminUi, ["gateway/EdgeGw.AdminUi"], () =>
{
    var folder = In("gateway", "EdgeGw.AdminUi");
    var log = System.IO.Path.Combine(artifacts, "admin-ui.log");
    Exec("npm", ["ci", "--no-audit", "--no-fund"], log, folder);
    Exec("npm", ["run", "check"], log, folder);
    Exec("node", ["build.mjs", adminUi], log, folder);
}));

Task("Build").IsDependentOn("AdminUi").Does(() => DotNet("build", "edgegw.slnx", "-c", "Release"));

Task("Publish").IsDependentOn("AdminUi").Does(() => WhenChanged("edgegw", gateway, ["gateway", "native-abi", "handler-sdk/templates"], () =>
    DotNet("publish", "gateway/EdgeGw", "-c", "Release", "-r", rid, "-o", gatewayFolder)));

Task("Packages").Does(() => WhenChanged("packages", packages, ["handler-sdk", "native-abi"], () =>
{
    if (System.IO.Directory.Exists(packages)) System.IO.Directory.Delete(packages, recursive: true);
    var projects = Sources("native-abi", "handler-sdk").Where(file => file.EndsWith(".csproj"))
        .Where(file => !file.Contains("/samples/") && !file.Contains("/content/") && XDocument.Load(file).Descendants("PackageId").Any());
    foreach (var project in projects) DotNet("pack", project, "-c", "Release", "-o", packages);
    // NuGet never looks at a source for a version that it has unpacked once: forget what it has of ours.
    var cache = Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } set ? set
        : System.IO.Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
    foreach (var package in System.IO.Directory.GetFiles(packages, "*.nupkg"))
    {
        var parts = System.Text.RegularExpressions.Regex.Match(System.IO.Path.GetFileName(package), @"^(.+?)\.(\d+\..+)\.nupkg$");
        var unpacked = System.IO.Path.Combine(cache, parts.Groups[1].Value.ToLowerInvariant(), parts.Groups[2].Value);
        if (System.IO.Directory.Exists(unpacked)) System.IO.Directory.Delete(unpacked, recursive: true);
    }
}));

// The Debian package: binary, units, settings, manual page, completion. Its texts come from the binary itself, so that they say what it does.
Task("Deb").IsDependentOn("Publish").Does(() => WhenChanged("deb", debian, ["gateway", "native-abi", "handler-sdk/templates", "build.cake", "LICENSE"], () =>
{
    var tree = System.IO.Path.Combine(artifacts, "deb");
    var sources = In("gateway", "packaging");
    foreach (var folder in new[] { tree, debian })
        if (System.IO.Directory.Exists(folder)) System.IO.Directory.Delete(folder, recursive: true);
    void Put(string target, Action<string> write, string mode = "644")
    {
        var path = System.IO.Path.Combine(tree, target);
        System.IO.Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path));
        write(path);
        Exec("chmod", [mode, path]);
    }
    void Copy(string source, string target, string mode = "644") => Put(target, path => System.IO.File.Copy(source, path), mode);
    void Print(string target, params string[] arguments) => Put(target, path => System.IO.File.WriteAllText(path, Output(gateway, arguments)));
    void Zip(string target) => Exec("gzip", ["-9n", System.IO.Path.Combine(tree, target)]);

    Copy(gateway, "usr/lib/edgegw/edgegw", "755");
    foreach (var library in System.IO.Directory.GetFiles(gatewayFolder, "*.so")) Put("usr/lib/edgegw/" + System.IO.Path.GetFileName(library), path => Exec("strip", ["--strip-unneeded", "-o", path, library]));
    System.IO.Directory.CreateDirectory(System.IO.Path.Combine(tree, "usr/bin"));
    System.IO.File.CreateSymbolicLink(System.IO.Path.Combine(tree, "usr/bin/edgegw"), "../lib/edgegw/edgegw");
    foreach (var unit in new[] { "edgegw.service", "edgegw.socket" }) Copy(System.IO.Path.Combine(sources, unit), "usr/lib/systemd/system/" + unit);
    Copy(System.IO.Path.Combine(sources, "edgegw.json"), "etc/edgegw/edgegw.json");
    Print("usr/share/man/man1/edgegw.1", "manual");
    Zip("usr/share/man/man1/edgegw.1");
    Print("usr/share/bash-completion/completions/edgegw", "completion", "bash");
    Print("usr/share/zsh/vendor-completions/_edgegw", "completion", "zsh");
    Print("usr/share/fish/vendor_completions.d/edgegw.fish", "completion", "fish");
    Copy(System.IO.Path.Combine(sources, "debian", "changelog"), "usr/share/doc/edgegw/changelog");
    Zip("usr/share/doc/edgegw/changelog");
    Copy(System.IO.Path.Combine(sources, "debian", "lintian-overrides"), "usr/share/lintian/overrides/edgegw");
    var license = string.Join('\n', System.IO.File.ReadLines(In("LICENSE")).Select(line => line.Length == 0 ? " ." : " " + line));
    Put("usr/share/doc/edgegw/copyright", path => System.IO.File.WriteAllText(path,
        System.IO.File.ReadAllText(System.IO.Path.Combine(sources, "debian", "copyright")).Replace("@LICENSE@", license)));

    var files = System.IO.Directory.GetFiles(tree, "*", SearchOption.AllDirectories).Where(file => new System.IO.FileInfo(file).LinkTarget is null).Order().ToArray();
    var architecture = Output("dpkg", "--print-architecture").Trim();
    Put("DEBIAN/md5sums", path => System.IO.File.WriteAllLines(path, files.Where(file => !file.Contains("/etc/"))
        .Select(file => $"{Convert.ToHexStringLower(MD5.HashData(System.IO.File.ReadAllBytes(file)))}  {System.IO.Path.GetRelativePath(tree, file)}")));
    Put("DEBIAN/conffiles", path => System.IO.File.WriteAllText(path, "/etc/edgegw/edgegw.json\n"));
    Put("DEBIAN/control", path => System.IO.File.WriteAllText(path, System.IO.File.ReadAllText(System.IO.Path.Combine(sources, "debian", "control"))
        .Replace("@VERSION@", version).Replace("@ARCHITECTURE@", architecture).Replace("@KILOBYTES@", $"{files.Sum(file => new System.IO.FileInfo(file).Length) / 1024}")));
    foreach (var script in new[] { "postinst", "prerm", "postrm" }) Copy(System.IO.Path.Combine(sources, "debian", script), "DEBIAN/" + script, "755");
    System.IO.Directory.CreateDirectory(debian);
    // What made the files may have left them writable for a group.
    Exec("chmod", ["-R", "g-w,a+rX", tree]);
    Exec("dpkg-deb", ["--root-owner-group", "-Zxz", "--build", tree, System.IO.Path.Combine(debian, $"edgegw_{version}_{architecture}.deb")], System.IO.Path.Combine(artifacts, "deb.log"));
}));

Task("Pack").IsDependentOn("Packages").IsDependentOn("Deb");

Task("Samples").IsDependentOn("Packages").Does(() =>
{
    foreach (var project in Sources("handler-sdk/samples").Where(file => file.EndsWith(".csproj")))
    {
        var name = System.IO.Path.GetFileNameWithoutExtension(project);
        var folder = System.IO.Path.Combine(samplesFolder, name);
        WhenChanged($"sample {name}", folder, ["handler-sdk", "native-abi"], () => DotNet("publish", project, "-c", "Release", "-r", rid, "-o", folder));
    }
    foreach (var example in new[] { "hello", "counter", "pets" })
    {
        var name = example + "-c";
        var folder = System.IO.Path.Combine(samplesFolder, name);
        WhenChanged($"sample {name}", folder, ["native-abi"], () =>
        {
            System.IO.Directory.CreateDirectory(folder);
            Exec("gcc", ["-shared", "-fPIC", "-O2", "-I", "native-abi/include", "-o", $"{folder}/{name}.so", $"native-abi/examples/{example}.c"]);
        });
    }
});

// The C fixtures are compiled by the solution's build; the one in C# is published like any handler.
Task("Fixtures").Does(() =>
{
    var fixture = System.IO.Path.Combine(artifacts, "fixtures", "Managed.so");
    WhenChanged("fixture Managed", fixture, ["tests/Handlers/Managed", "handler-sdk", "native-abi"], () =>
        DotNet("publish", "tests/Handlers/Managed", "-c", "Release", "-r", rid, "-o", System.IO.Path.GetDirectoryName(fixture)));
});

// ./build.sh fuzz [--targets=elf,sql] [--seconds=60]: each target of tests/Fuzz under AFL++, from the committed corpus. Findings stay in artifacts/fuzz/findings.
Task("Fuzz").Does(() =>
{
    DotNet("build", "tests/Fuzz", "-c", "Release");
    var fuzz = System.IO.Path.Combine(artifacts, "fuzz");
    var app = System.IO.Path.Combine(fuzz, "app");
    // A copy: an instrumented assembly runs under the fuzzer alone.
    if (System.IO.Directory.Exists(app)) System.IO.Directory.Delete(app, recursive: true);
    CopyDirectory(System.IO.Path.Combine(root, "tests/Fuzz/bin/Release/net10.0"), app);
    // The tool's manifest is that folder's own: no other target needs it.
    foreach (var assembly in new[] { "edgegw.dll", "EdgeGw.Handler.dll" }) Exec("dotnet", ["tool", "run", "sharpfuzz", System.IO.Path.Combine(app, assembly)], folder: In("tests", "Fuzz"));
    foreach (var (name, value) in new[] { ("AFL_SKIP_BIN_CHECK", "1"), ("AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES", "1"), ("AFL_SKIP_CPUFREQ", "1"), ("AFL_NO_UI", "1"), ("AFL_NO_AFFINITY", "1") })
        Environment.SetEnvironmentVariable(name, value);
    var all = System.IO.Directory.GetDirectories(In("tests", "Fuzz", "corpus")).Select(System.IO.Path.GetFileName).Order();
    var wanted = Argument("targets", "").Split(',', StringSplitOptions.RemoveEmptyEntries);
    var found = 0;
    foreach (var target in all.Where(name => wanted.Length == 0 || wanted.Contains(name)))
    {
        var findings = System.IO.Path.Combine(fuzz, "findings", target);
        if (System.IO.Directory.Exists(findings)) System.IO.Directory.Delete(findings, recursive: true);
        System.IO.Directory.CreateDirectory(findings);
        Exec("afl-fuzz", ["-i", In("tests", "Fuzz", "corpus", target), "-o", findings, "-t", "10000", "-m", "none", "-V", Argument("seconds", "60"), System.IO.Path.Combine(app, "EdgeGw.Fuzz"), target],
            System.IO.Path.Combine(fuzz, target + ".log"));
        var stats = System.IO.File.ReadAllLines(System.IO.Path.Combine(findings, "default", "fuzzer_stats")).Select(line => line.Split(':', 2)).ToDictionary(pair => pair[0].Trim(), pair => pair[1].Trim());
        var inputs = new[] { "crashes", "hangs" }.SelectMany(kind => System.IO.Directory.GetFiles(System.IO.Path.Combine(findings, "default", kind), "id*")).ToArray();
        found += inputs.Length;
        Console.WriteLine($"{target}: {stats["execs_done"]} inputs ({stats["execs_per_sec"]} a second), {stats["corpus_count"]} kept, {inputs.Length} findings");
        foreach (var input in inputs) Console.WriteLine($"  {System.IO.Path.GetRelativePath(root, input)}");
    }
    if (found > 0) throw new CakeException($"{found} findings; look into one with: dotnet tests/Fuzz/bin/Release/net10.0/EdgeGw.Fuzz.dll TARGET FILE");
});

Task("Run").IsDependentOn("Publish").IsDependentOn("Samples").Does(() =>
{
    var state = System.IO.Path.Combine(artifacts, "state");
    var start = new ProcessStartInfo(gateway) { WorkingDirectory = root, UseShellExecute = false };
    foreach (var argument in new[] { "run", "--state", state }) start.ArgumentList.Add(argument);
    foreach (var name in new[] { "listen", "admin" })
        foreach (var url in Arguments<string>(name, Array.Empty<string>()))
        {
            start.ArgumentList.Add("--" + name);
            start.ArgumentList.Add(url);
        }
    using var process = Process.Start(start);
    // Ctrl-C reaches the gateway by itself, a plain SIGTERM does not; in both cases this process waits for it to finish its requests.
    using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => signal.Cancel = true);
    using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal =>
    {
        signal.Cancel = true;
        TryExec("kill", ["-TERM", process.Id.ToString()]);
    });
    bool Cli(params string[] arguments) => TryExec(gateway, [.. arguments, "--state", state], System.IO.Path.Combine(artifacts, "run.log")) == 0;
    try
    {
        var patience = Stopwatch.StartNew();
        while (!Cli("status", "--json"))
        {
            if (process.HasExited) throw new CakeException($"the gateway stopped at its start with exit code {process.ExitCode}; its reason is above.");
            if (patience.Elapsed > TimeSpan.FromSeconds(30)) throw new CakeException("the gateway was not ready within 30 s.");
            process.WaitForExit(100);
        }
        var libraries = System.IO.Directory.GetFiles(samplesFolder, "*.so", SearchOption.AllDirectories).Order().ToArray();
        void Must(string sample, params string[] arguments)
        {
            if (!Cli(arguments)) throw new CakeException($"the sample {sample} was not accepted: {System.IO.File.ReadAllText(System.IO.Path.Combine(artifacts, "run.log"))}");
        }
        foreach (var migrations in System.IO.Directory.GetDirectories(In("handler-sdk", "samples"), "migrations", SearchOption.AllDirectories).Order())
            Must(migrations, "service", "migrate", "database:main", migrations);
        foreach (var library in libraries) Must(library, "deploy", library);
        var listening = System.Text.Json.JsonDocument.Parse(Output(gateway, "status", "--json", "--state", state)).RootElement.GetProperty("listen")[0].GetString();
        Console.WriteLine($"\n{libraries.Length} sample handlers are live. Try:\n");
        // The end-to-end tests run these same lines.
        foreach (var file in Sources("handler-sdk/samples", "native-abi/examples").Where(file => file.EndsWith("/try.txt")))
            foreach (var line in System.IO.File.ReadLines(file))
                Console.WriteLine("  " + line.Replace("{gateway}", listening));
        Console.WriteLine($"\n  {System.IO.Path.GetRelativePath(root, gateway)} status --state {System.IO.Path.GetRelativePath(root, state)}\n\nCtrl-C stops the gateway.");
        process.WaitForExit();
    }
    finally
    {
        if (!process.HasExited)
        {
            TryExec("kill", ["-TERM", process.Id.ToString()]);
            if (!process.WaitForExit(40_000)) process.Kill(entireProcessTree: true);
        }
    }
});

string Output(string program, params string[] arguments)
{
    var start = new ProcessStartInfo(program) { WorkingDirectory = root, RedirectStandardOutput = true };
    foreach (var argument in arguments) start.ArgumentList.Add(argument);
    using var process = Process.Start(start);
    var text = process.StandardOutput.ReadToEnd();
    process.WaitForExit();
    return text;
}

// The live routes, with example values in place of the parameters.

record TestRun(string Project, int Passed, int Failed, int Skipped, TimeSpan Elapsed, string[] Failures);

TestRun RunTests(string project)
{
    var name = System.IO.Path.GetFileNameWithoutExtension(project);
    var trx = System.IO.Path.Combine(testResults, name + ".trx");
    var log = System.IO.Path.Combine(testResults, name + ".log");
    List<string> arguments = ["test", project, "-c", "Release", "--no-build", "--nologo", "--logger", $"trx;LogFileName={trx}",
        // A test that hangs is named and ends its run; the longest good one takes a minute.
        "--blame-hang-timeout", "5m", "--blame-hang-dump-type", "none"];
    var filter = Argument("filter", "");
    // What takes pictures tests nothing.
    arguments.AddRange(["--filter", "TestCategory!=Screenshots" + (filter.Length == 0 ? "" : $"&({(filter.Contains('=') || filter.Contains('~') ? filter : "FullyQualifiedName~" + filter)})")]);
    var watch = Stopwatch.StartNew();
    var code = TryExec("dotnet", arguments, log);
    XNamespace ns = "http://microsoft.com/schemas/VisualStudio/TeamTest/2010";
    var results = System.IO.File.Exists(trx) ? XDocument.Load(trx).Descendants(ns + "UnitTestResult").ToArray() : [];
    int Count(string outcome) => results.Count(result => (string)result.Attribute("outcome") == outcome);
    var failures = results.Where(result => (string)result.Attribute("outcome") is not ("Passed" or "NotExecuted"))
        .Select(result => $"{result.Attribute("testName")?.Value}\n{result.Descendants(ns + "ErrorInfo").FirstOrDefault()?.Value.Trim()}").ToList();
    // A test host that dies leaves no result behind: that is a failure too.
    if (code != 0 && failures.Count == 0) failures.Add($"{name} ended with exit code {code}\n{System.IO.File.ReadAllText(log).Trim()}");
    return new(name, Count("Passed"), failures.Count, Count("NotExecuted"), watch.Elapsed, [.. failures]);
}

Task("Test").IsDependentOn("FormatCheck").IsDependentOn("Build").IsDependentOn("Publish").IsDependentOn("Samples").IsDependentOn("Fixtures").IsDependentOn("Deb").Does(() =>
{
    if (System.IO.Directory.Exists(testResults)) System.IO.Directory.Delete(testResults, recursive: true);
    System.IO.Directory.CreateDirectory(testResults);
    var projects = Sources("tests", "handler-sdk").Where(file => file.EndsWith("Tests.csproj")).ToArray();
    var runs = new List<TestRun>();
    void Run(string project)
    {
        var run = RunTests(project);
        lock (runs)
        {
            runs.Add(run);
            Console.WriteLine($"{run.Project}: {run.Passed} passed, {run.Failed} failed, {run.Skipped} skipped ({run.Elapsed.TotalSeconds:0.0} s)");
            foreach (var failure in run.Failures) Console.WriteLine($"  FAILED {failure.Replace("\n", "\n    ")}");
        }
    }
    // The end-to-end tests measure time and memory: they have the machine to themselves.
    var alone = projects.Where(project => project.Contains("EndToEnd")).ToArray();
    Parallel.ForEach(projects.Except(alone), new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, Environment.ProcessorCount) }, Run);
    foreach (var project in alone) Run(project);
    var (passed, failed, skipped) = (runs.Sum(run => run.Passed), runs.Sum(run => run.Failed), runs.Sum(run => run.Skipped));
    // build.sh shows this line last, below Cake's own report.
    System.IO.File.WriteAllText(System.IO.Path.Combine(testResults, "summary.txt"), $"{passed} passed, {failed} failed, {skipped} skipped\n");
    if (failed > 0) throw new CakeException($"{failed} of {passed + failed} tests failed.");
    if (passed == 0) throw new CakeException("no test ran: check the filter.");
});

// The long forms of the tests that leave figures behind (docs/reliability.md): bench/results and docs/images get their series.
Task("Soak").IsDependentOn("Publish").IsDependentOn("Samples").Does(() =>
{
    DotNet("build", "tests/EdgeGw.EndToEnd.Tests", "-c", "Release");
    Environment.SetEnvironmentVariable("LONG_RUN", "1");
    Exec("dotnet", ["test", "tests/EdgeGw.EndToEnd.Tests", "-c", "Release", "--no-build", "--nologo", "--filter", "FullyQualifiedName~LedgerTests|FullyQualifiedName~OpenStreamTests", "--logger", "console;verbosity=detailed"]);
});

// The pictures of docs/images, of every page of the Admin UI: taken anew, to be looked at before they are committed.
Task("Screenshots").IsDependentOn("Build").IsDependentOn("Publish").IsDependentOn("Samples").IsDependentOn("Fixtures").Does(() =>
    Exec("dotnet", ["test", "tests/EdgeGw.AdminUi.Tests", "-c", "Release", "--no-build", "--nologo", "--filter", "TestCategory=Screenshots"]));

RunTarget(Argument("target", "Test"));
