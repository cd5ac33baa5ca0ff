using EdgeGw.Epochs;

namespace EdgeGw.Tests.Epochs;

/// <summary>Migrations are numbered from 1 without holes.</summary>
public sealed class MigrationRulesTests
{
    [TestCase("0001_create.sql", 1)]
    [TestCase("0420_add-index.v2.sql", 420)]
    [TestCase("1_create.sql", null)]
    [TestCase("0001create.sql", null)]
    [TestCase("0001_.sql", null)]
    [TestCase("0001_create.SQL", null)]
    [TestCase("+001_create.sql", null)]
    [TestCase("0001_a/b.sql", null)]
    public void The_number_is_the_names_first_four_digits(string name, int? number) => Assert.That(MigrationRules.Number(name), Is.EqualTo(number));

    [TestCase("0001_a.sql 0002_b.sql")]
    public void A_list_without_holes_is_right(string names) => Assert.That(Faults(names), Is.Empty);

    [TestCase("", "no migrations")]
    [TestCase("0002_b.sql", "0001 is missing before 0002_b.sql")]
    [TestCase("0001_a.sql 0003_c.sql", "0002 is missing before 0003_c.sql")]
    [TestCase("0001_a.sql 0001_b.sql", "0001_a.sql and 0001_b.sql have the same number")]
    [TestCase("0001_a.sql 0002_b.sql 0001_c.sql", "0001_c.sql comes after number 0002")]
    [TestCase("0000_a.sql", "0000_a.sql comes after")]
    [TestCase("0001_a.sql readme.sql", "'readme.sql' is not a migration's name")]
    public void Holes_duplicates_and_other_names_are_faults(string names, string fault) => Assert.That(Faults(names), Has.Count.EqualTo(1).And.One.Contains(fault));

    [Test]
    public void Empty_and_overlong_ones_are_faults()
    {
        Assert.That(MigrationRules.Faults([new Migration("0001_a.sql", " \n")]), Has.Count.EqualTo(1).And.One.Contains("is empty"));
        Assert.That(MigrationRules.Faults([new Migration("0001_a.sql", new string('x', MigrationRules.MaxCharacters + 1))]), Has.Count.EqualTo(1).And.One.Contains("more than 16777216 characters"));
    }

    private static IReadOnlyList<string> Faults(string names) => MigrationRules.Faults([.. names.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(name => new Migration(name, "select 1"))]);
}
