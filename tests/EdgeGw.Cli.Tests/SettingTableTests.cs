using System.Reflection;
using EdgeGw.Configuration;

namespace EdgeGw.Cli.Tests;

public class SettingTableTests
{
    [Test]
    public void The_table_has_every_property_of_the_settings_and_no_other() =>
        Assert.That(SettingTable.All.Select(setting => setting.Key), Is.EqualTo(Keys(typeof(GatewaySettings), "")));

    [Test]
    public void The_document_has_the_table()
    {
        var document = File.ReadAllText(Path.Combine(Repository.Root, "docs", "configuration.md"));
        Assert.That(document, Does.Contain(SettingTable.ToMarkdown()), "write the table with: edgegw config --keys");
    }

    [TestCaseSource(nameof(Settings))]
    public void Every_row_reads_what_it_shows(object row)
    {
        var setting = (Setting)row;
        var defaults = new GatewaySettings();
        if (setting.Show(defaults).Length == 0)
            return;
        var read = new GatewaySettings();
        var errors = new List<string>();
        setting.Read(read, [setting.Show(defaults)], "/", errors);
        Assert.That(errors, Is.Empty, "a default must be in its own range");
        Assert.That(setting.Show(read), Is.EqualTo(setting.Show(defaults)));
    }

    [TestCaseSource(nameof(Settings))]
    public void Every_whole_number_is_bound_to_its_own_property_at_both_ends_of_its_range(object row)
    {
        if (row is not IntegerSetting setting)
            return;
        foreach (var value in new[] { setting.Minimum, setting.Maximum })
        {
            var settings = new GatewaySettings();
            var errors = new List<string>();
            setting.Read(settings, [$"{value}"], "/", errors);
            Assert.That(errors, Is.Empty);
            Assert.That(Convert.ToInt64(Property(settings, setting.Key)), Is.EqualTo(value), "the number must fit the property");
            setting.Read(settings, [$"{(value == setting.Minimum ? value - 1 : value + 1)}"], "/", errors);
            Assert.That(errors, Has.Exactly(1).Contains("is out of range"));
        }
    }

    private static IEnumerable<TestCaseData> Settings() => SettingTable.All.Select(setting => new TestCaseData(setting).SetArgDisplayNames(setting.Key));

    private static IEnumerable<string> Keys(Type type, string prefix) => type.GetProperties(BindingFlags.Public | BindingFlags.Instance).SelectMany(property =>
        property.PropertyType.Namespace == typeof(GatewaySettings).Namespace ? Keys(property.PropertyType, $"{prefix}{property.Name}:") : [prefix + property.Name]);

    private static object Property(object settings, string key) =>
        key.Split(':').Aggregate(settings, (value, name) => value.GetType().GetProperty(name)!.GetValue(value)!);
}
