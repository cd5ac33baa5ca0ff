using EdgeGw.Epochs;

namespace EdgeGw.Tests.Bundles;

/// <summary>bundle.yaml says what it means, or a sentence with its place says what is wrong.</summary>
public sealed class BundleReaderTests
{
    [Test]
    public void All_that_a_deploy_and_a_service_say_is_read()
    {
        var (bundle, faults) = BundleSamples.Read("""
            bundle: 1
            name: shop
            services:
              database:pets:
                provider: postgres
                settings: {host: db.example.com, database: app, user: app, password: env:PW, port: 5433}
                poolSize: 7
                enabled: false
            handlers:
              pets:
                library: lib/pets.so
                host: "*.example.com"
                prefix: /v1/
                drainMs: 5
                limits: {deadlineMs: 100, heapBytes: 1000000}
                settings: {Mode: fast, answer: 42, yes: no}
                services: {database:main: database:pets}
            """, files: "lib/pets.so");

        using var scope = Assert.EnterMultipleScope();
        Assert.That(faults, Is.Empty);
        var service = bundle!.Services.Single();
        Assert.That((service.ToString(), service.Provider, service.PoolSize, service.QueueLength, service.Enabled), Is.EqualTo(("database:pets", "postgres", 7, 1024, false)));
        Assert.That(service.Settings["port"], Is.EqualTo("5433"));
        var options = bundle.Handlers.Single().Options;
        Assert.That((options.Name, options.Host, options.Prefix, options.DrainMs), Is.EqualTo(("pets", "*.example.com", "/v1", (int?)5)));
        Assert.That(options.Limits, Is.EqualTo(new EpochLimits { DeadlineMs = 100, HeapBytes = 1_000_000 }));
        Assert.That((options.Config["mode"], options.Config["answer"], options.Config["yes"]), Is.EqualTo(("fast", "42", "no")));
        Assert.That(options.Services["database:main"], Is.EqualTo("database:pets"));
    }

    [TestCase("", "bundle.yaml:1:1: The document is empty.")]
    [TestCase("- 1", "bundle.yaml:1:1: A bundle must be a mapping (key: value), not a list.")]
    [TestCase("name: shop", "bundle.yaml:1:1: A bundle begins with 'bundle: 1'.")]
    [TestCase("bundle: 2", "bundle.yaml:1:9: The bundle has format 2, and this edgegw reads 1: use a newer one.")]
    [TestCase("bundle: 1\nhandler: {}", "bundle.yaml:2:1: 'handler' means nothing here; did you mean 'handlers'?")]
    [TestCase("bundle: 1\nname: a\nname: b", "bundle.yaml:3:1: The key 'name' is given twice; the first one is at 2:1.")]
    [TestCase("bundle: 1\nhandlers: [a]", "bundle.yaml:2:11: 'handlers' must be a mapping (key: value), not a list.")]
    [TestCase("bundle: 1\nhandlers:\n  a:\n    library: a.so", "bundle.yaml:4:14: The bundle has no file 'a.so'.")]
    [TestCase("bundle: 1\nhandlers:\n  a:\n    library: ../a.so", "bundle.yaml:4:14: '../a.so' leads out of the bundle, or is not written in the shortest way.")]
    [TestCase("bundle: 1\nhandlers:\n  a b:\n    library: a.so", "bundle.yaml:3:3: 'a b' is not a handler's name: 1 to 64 letters, digits, '.', '_' or '-'.")]
    [TestCase("bundle: 1\nhandlers:\n  a:\n    drainMs: soon", "bundle.yaml:4:14: 'drainMs' is 'soon'; it must be a whole number from 0 to 2147483647.")]
    [TestCase("bundle: 1\nhandlers:\n  a:\n    limits:\n      deadlinems: 5", "bundle.yaml:5:7: 'deadlinems' means nothing here; did you mean 'deadlineMs'?")]
    [TestCase("bundle: 1\nhandlers:\n  a:\n    settings: {k: ~}", "bundle.yaml:4:19: 'k' must be a text, not nothing.")]
    [TestCase("bundle: 1\nhandlers:\n  a:\n    settings: {k: 1, K: 2}", "bundle.yaml:4:22: 'K' is given twice: upper and lower case are the same here.")]
    [TestCase("bundle: 1\nservices:\n  cache:x: {}", "bundle.yaml:3:12: The service cache:x needs 'provider'.")]
    [TestCase("bundle: 1\nservices:\n  cache:x: {provider: memory, settings: {maxByte: 1}}", "bundle.yaml:3:3: cache:x: memory has no setting 'maxByte'; did you mean 'maxBytes'?")]
    [TestCase("bundle: 1\nname: *who", "bundle.yaml:2:7: '*who' stands for nothing: there is no '&who' before it.")]
    [TestCase("bundle: 1\nservices: &all\n  cache:x: *all", "bundle.yaml:3:12: '*all' stands for something that it is a part of.")]
    [TestCase("bundle: 1\nname: !python/object x", "bundle.yaml:2:7: The tag '!python/object' means nothing here.")]
    [TestCase("bundle: 1\n---\nbundle: 1", "bundle.yaml:2:1: A second document begins here; there can be only one.")]
    [TestCase("bundle: 1\n? [a, b]\n: c", "bundle.yaml:2:3: A key must be plain text, not a list, a mapping or an alias.")]
    public void What_is_wrong_is_said_with_its_place(string yaml, string sentence) => Assert.That(BundleSamples.Read(yaml).Faults, Is.EqualTo((string[])[sentence]));

    [TestCase("bundle: 1\nname: 'a\n", 2)]
    [TestCase("bundle: 1\n\tname: a", 1)]
    [TestCase("bundle: 1\nhandlers: {a: {", 2)]
    public void What_is_no_YAML_is_said_with_its_place(string yaml, int line) => Assert.That(BundleSamples.Read(yaml).Faults.Single(), Does.Match($"^bundle\\.yaml:[{line}-3]:\\d+: "));

    [Test]
    public void Every_fault_is_said_at_once()
    {
        var (_, faults) = BundleSamples.Read("bundle: 1\nhandlers:\n  a: {library: a.so}\n  b: {library: b.so}\nother: 1");
        Assert.That(faults.Select(fault => fault.Split(' ')[0]), Is.EqualTo((string[])["bundle.yaml:3:16:", "bundle.yaml:4:16:", "bundle.yaml:5:1:"]));
    }

    [Test]
    public void Aliases_that_double_again_and_again_are_stopped_early()
    {
        var lines = Enumerable.Range(1, 40).Select(i => $"  a{i}: &a{i} [*a{i - 1}, *a{i - 1}]");
        var (_, faults) = BundleSamples.Read($"bundle: 1\nx:\n  a0: &a0 [lol, lol]\n{string.Join('\n', lines)}");
        Assert.That(faults.Single(), Does.Contain("more than 200000 values"));
    }

    [Test]
    public void Depth_by_aliases_is_depth_too()
    {
        static string Nested(string inside) => new string('[', 60) + inside + new string(']', 60);
        var (_, faults) = BundleSamples.Read($"bundle: 1\nx: &x {Nested("1")}\ny: {Nested("*x")}");
        Assert.That(faults.Single(), Does.Contain("more than 100 deep"));
    }

    [Test]
    public void An_alias_stands_for_its_anchor_and_not_more()
    {
        var (bundle, faults) = BundleSamples.Read("bundle: 1\nhandlers:\n  a: &a {library: a.so}\n  b: *a", files: "a.so");
        Assert.That(faults, Is.Empty);
        Assert.That(bundle!.Handlers.Select(handler => handler.Options.Name), Is.EqualTo((string[])["a", "b"]));
    }

    [Test]
    public void A_huge_value_is_refused()
    {
        var (_, faults) = BundleSamples.Read($"bundle: 1\nname: {new string('a', (1 << 20) + 1)}");
        Assert.That(faults.Single(), Does.StartWith("bundle.yaml:2:7: This value has 1048577 characters"));
        Assert.That(BundleSamples.Read(new string(' ', 5 << 20)).Faults.Single(), Is.EqualTo("bundle.yaml: It has 5242880 bytes; 4194304 are allowed."));
    }
}
