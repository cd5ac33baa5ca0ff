using System.Xml.Linq;
using EdgeGw.Cli.Scaffold;

namespace EdgeGw.Cli.Tests;

public class NewTests
{
    [Test]
    public async Task A_project_of_the_name_is_written_with_the_feed_and_this_version()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["feed & more"]);
        var result = await new Edgegw().RunAsync("new", "my-api", "--output", folder["here"], "--feed", folder["feed & more"]);
        Assert.That(result.ExitCode, Is.Zero, result.ToString());
        Assert.That(File.ReadAllText(folder["here/my-api.csproj"]), Does.Contain($"Sdk=\"EdgeGw.Handler.Sdk/{ProductVersion.Number}\""));
        Assert.That(File.ReadAllText(folder["here/Handlers.cs"]), Does.Contain("namespace my_api;"));
        Assert.That(File.ReadAllText(folder["here/README.md"]), Does.StartWith("# my-api\n"));
        Assert.That(XDocument.Load(folder["here/nuget.config"]).Descendants("add").Single().Attribute("value")!.Value, Is.EqualTo(folder["feed & more"]));
        foreach (var file in Directory.EnumerateFiles(folder["here"], "*", SearchOption.AllDirectories))
            Assert.That(file + File.ReadAllText(file), Does.Not.Contain("EdgeGwHandler1"));
        Assert.That(result.Output, Does.Contain($"  edgegw deploy {folder["here"]}\n  curl http://"));
    }

    [Test]
    public async Task Every_file_of_the_template_is_written_but_its_own_configuration()
    {
        using var folder = new TemporaryFolder();
        await new Edgegw().RunAsync("new", "EdgeGwHandler1", "--output", folder["made"]);
        var template = Path.Combine(Repository.Root, "handler-sdk", "templates", "edgegw-handler");
        var expected = Directory.EnumerateFiles(template, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(template, file))
            .Where(file => file.Split('/')[0] is not (".template.config" or "bin" or "obj"));
        var made = Directory.EnumerateFiles(folder["made"], "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(folder["made"], file));
        Assert.That(made, Is.EquivalentTo(expected));
    }

    [Test]
    public async Task The_feed_is_the_switchs_then_the_variables_then_the_folder_beside_or_above_the_program()
    {
        using var folder = new TemporaryFolder();
        foreach (var name in new[] { "a", "b", "packages", "program" })
            Directory.CreateDirectory(folder[name]);
        folder.Write("packages/EdgeGw.Handler.Sdk.0.1.0.nupkg", "");
        var program = new Edgegw { ProgramDirectory = folder["program"] };
        await program.RunAsync("new", "above", "-o", folder["above"]);
        await program.With("EDGEGW_FEED", folder["b"]).RunAsync("new", "variable", "-o", folder["variable"]);
        await program.RunAsync("new", "given", "-o", folder["given"], "--feed", folder["a"]);
        await new Edgegw().RunAsync("new", "none", "-o", folder["none"]);
        Assert.That(File.ReadAllText(folder["above/nuget.config"]), Does.Contain($"\"{folder["packages"]}\""));
        Assert.That(File.ReadAllText(folder["variable/nuget.config"]), Does.Contain($"\"{folder["b"]}\""));
        Assert.That(File.ReadAllText(folder["given/nuget.config"]), Does.Contain($"\"{folder["a"]}\""));
        Assert.That(File.Exists(folder["none/nuget.config"]), Is.False);
    }

    [Test]
    public async Task A_folder_that_is_not_empty_a_file_and_a_missing_feed_are_refused()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["full"]);
        folder.Write("full/x", "");
        var full = await new Edgegw().RunAsync("new", "a", "-o", folder["full"]);
        var file = await new Edgegw().RunAsync("new", "a", "-o", folder["full/x"]);
        var feed = await new Edgegw().RunAsync("new", "a", "-o", folder["new"], "--feed", folder["nope"]);
        Assert.That((full.ExitCode, full.Error), Is.EqualTo((1, $"edgegw: the folder {folder["full"]} is there already and not empty; choose another with --output\n")));
        Assert.That((file.ExitCode, file.Error), Is.EqualTo((1, $"edgegw: {folder["full/x"]} is a file; choose another folder with --output\n")));
        Assert.That((feed.ExitCode, feed.Error), Is.EqualTo((1, $"edgegw: there is no folder {folder["nope"]} to take packages from (--feed, EDGEGW_FEED)\n")));
        Assert.That(Directory.EnumerateFileSystemEntries(folder["full"]).Count(), Is.EqualTo(1));
        Assert.That(Directory.Exists(folder["new"]), Is.False);
    }

    [TestCase("hello", "hello")]
    [TestCase("my-api.v2", "my_api.v2")]
    [TestCase("a.1b", "a._1b")]
    [TestCase("new", "@new")]
    public void A_name_becomes_a_namespace(string name, string expected)
    {
        Assert.That(ProjectName.Check(name), Is.Null);
        Assert.That(ProjectName.ToNamespace(name), Is.EqualTo(expected));
    }

    [TestCase("")]
    [TestCase("1st")]
    [TestCase(".hidden")]
    [TestCase("a..b")]
    [TestCase("a.")]
    [TestCase("a/b")]
    [TestCase("a b")]
    [TestCase("ä")]
    [TestCase("a23456789012345678901234567890123456789012345678901234567890123456789")]
    public void A_bad_name_is_refused(string name) => Assert.That(ProjectName.Check(name), Is.Not.Null);
}
