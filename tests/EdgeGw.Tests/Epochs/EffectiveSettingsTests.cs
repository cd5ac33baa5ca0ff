using System.Text;
using EdgeGw.Control.Epochs;
using EdgeGw.Epochs;
using EdgeGw.Tests.Control;

namespace EdgeGw.Tests.Epochs;

/// <summary>The table of settings, and what comes of it.</summary>
public sealed class EffectiveSettingsTests
{
    [Test]
    public void The_document_has_the_table() => Assert.That(File.ReadAllText(Path.Combine(RepositoryRoot(), "docs", "services.md")), Does.Contain(Markdown()));

    [Test]
    public void Every_default_is_right_itself()
    {
        foreach (var provider in ServiceProviders.All)
        {
            var service = EpochSamples.Service($"{provider.Kind}:n", provider.Name);
            foreach (var setting in provider.Settings.Where(setting => setting.Default is { Length: > 0 }))
            {
                Assert.That(setting.Value.Fault(EffectiveSettings.Default(service, setting)), Is.Null, $"{provider.Name} {setting.Key}");
            }
        }
    }

    [Test]
    public void Every_built_in_service_is_right_and_has_the_first_provider_of_its_kind()
    {
        var builtIn = BuiltInServices.With([]);
        var reasons = new List<string>();
        ServiceRules.Check(builtIn, reasons);
        Assert.That(reasons, Is.Empty);
        Assert.That(builtIn.Select(service => (service.Kind, service.Provider)), Is.EqualTo(ServiceProviders.Kinds.Select(kind => (kind, ServiceProviders.Names(kind)[0]))));
    }

    [Test]
    public void A_kind_that_was_read_is_the_known_kinds_own_string()
    {
        var read = System.Text.Json.JsonSerializer.Deserialize("""{"number":1,"created":"2026-01-02T03:04:05Z","action":"service","reason":"","services":[{"kind":"cache","name":"x","provider":"memory"}]}""",
            EpochJson.Default.EpochConfig)!;
        Assert.That(read.Services[0].Kind, Is.SameAs(ServiceKinds.Cache));
    }

    [Test]
    public void Defaults_are_filled_in_and_references_read()
    {
        var service = EpochSamples.Postgres("database:pets", ("password", "env:PW"), ("port", "env:PORT"));
        Assert.That(EffectiveSettings.TryResolve(service, SecretReferenceTests.Environment(("PW", "pw"), ("PORT", "5433")), out var values, out _), Is.True);
        Assert.That(values, Is.EquivalentTo(new Dictionary<string, string>
        {
            ["host"] = "db.example.com",
            ["port"] = "5433",
            ["database"] = "app",
            ["user"] = "app",
            ["password"] = "pw",
            ["tls"] = "prefer",
            ["applicationName"] = "edgegw",
            ["connectTimeoutMs"] = "5000",
            ["cancelTimeoutMs"] = "2000",
            ["keepAliveSeconds"] = "15",
            ["preparedStatements"] = "100",
            ["maxRowBytes"] = "268435456",
        }));
        EffectiveSettings.TryResolve(EpochSamples.Service("database:pets", "sqlite"), _ => null, out values, out _);
        Assert.That(values["path"], Is.EqualTo("data/pets.db"));
    }

    [Test]
    public void Every_setting_that_cannot_be_read_is_named_and_no_value_is()
    {
        var service = EpochSamples.Postgres("database:pets", ("password", "env:PW"), ("port", "env:PORT"), ("user", "file:/nowhere/user"));
        Assert.That(EffectiveSettings.TryResolve(service, SecretReferenceTests.Environment(("PORT", "pl4nted")), out var values, out var reasons), Is.False);
        Assert.That(values, Is.Empty);
        Assert.That(reasons, Has.Count.EqualTo(3).And.All.StartsWith("database:pets: ").And.None.Contains("pl4nted"));
        Assert.That(string.Join('\n', reasons), Does.Contain("password: the variable PW is not set").And.Contain("user: there is no file").And.Contain("port: what env:PORT holds must be a whole number"));
    }

    private static string Markdown()
    {
        var text = new StringBuilder("| kind | provider | setting | type | default | allowed | meaning |\n|---|---|---|---|---|---|---|\n");
        foreach (var provider in ServiceProviders.All)
        {
            foreach (var setting in provider.Settings)
            {
                var standard = setting.Default switch { null => "must be given", "" => "none", var given => $"`{given}`" };
                text.Append(null, $"| {provider.Kind} | {provider.Name} | `{setting.Key}` | {setting.Value.Type} | {standard} | {setting.Value.Range} | {setting.Meaning} |\n");
            }
        }
        return text.ToString();
    }

    private static string RepositoryRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "edgegw.slnx")))
        {
            folder = Path.GetDirectoryName(folder)!;
        }
        return folder;
    }
}
