namespace EdgeGw.Compiling.Tests;

public class TemplateTests
{
    private static IEnumerable<string> Names => EndpointTemplates.All.Select(template => template.Id);

    [Test]
    public void There_is_one_for_each_thing_that_people_begin_with() =>
        Assert.That(Names, Is.EqualTo((string[])["hello", "json-api", "parameters", "errors", "database", "cache", "upload", "events"]));

    [TestCaseSource(nameof(Names))]
    public async Task Each_compiles_without_a_message(string name)
    {
        var template = EndpointTemplates.All.Single(template => template.Id == name);
        var result = await OneCompiler.CompileAsync(new SourceInput(name, template.Method, template.Path, [.. template.Files.Select(file => new InputFile(file.Name, file.Text))], [], []));
        Assert.That(result.Diagnostics, Is.Empty);
        var manifest = System.Text.Encoding.UTF8.GetString(await File.ReadAllBytesAsync(result.Library!));
        Assert.That(manifest, Does.Contain($"\"services\":[{string.Join(",", template.Services.Select(service => $"\"{service}\""))}]"));
    }
}
