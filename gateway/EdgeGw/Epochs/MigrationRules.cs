using System.Globalization;

namespace EdgeGw.Epochs;

/// <summary>One migration of a database: a numbered SQL file, by its name and its text.</summary>
internal sealed record Migration(string Name, string Sql);

/// <summary>What a list of migrations must look like, for whoever sends one and whoever takes it.</summary>
internal static class MigrationRules
{
    /// <summary>The most migrations of one database: what four digits can count.</summary>
    public const int MaxCount = 9_999;

    /// <summary>The most characters of all SQL together.</summary>
    public const int MaxCharacters = 16 * 1024 * 1024;

    private const int Digits = 4;
    private const int MaxName = 200;

    /// <summary>The number of <c>0001_name.sql</c>, or null when the name is not of that form.</summary>
    public static int? Number(string name) =>
        name.Length is > Digits + 5 and <= MaxName && name[Digits] == '_' && name.EndsWith(".sql", StringComparison.Ordinal) && !name.Any(c => char.IsControl(c) || c is '/' or '\\')
        && int.TryParse(name.AsSpan(0, Digits), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;

    /// <summary>One sentence for each fault of a list in the order of its names; none when it is right.</summary>
    public static IReadOnlyList<string> Faults(IReadOnlyList<Migration> migrations)
    {
        if (migrations.Count is 0 or > MaxCount)
        {
            return [migrations.Count == 0 ? "There are no migrations (files such as 0001_create_pets.sql)." : $"There are {migrations.Count} migrations; {MaxCount} are allowed."];
        }
        if (migrations.Sum(migration => (long)migration.Sql.Length) > MaxCharacters)
        {
            return [$"The migrations have more than {MaxCharacters} characters together; split what loads data from what makes tables."];
        }
        var faults = new List<string>();
        Migration? before = null;
        var last = 0;
        foreach (var migration in migrations)
        {
            if (Number(migration.Name) is not { } number)
            {
                faults.Add($"'{migration.Name}' is not a migration's name: four digits, '_', a name and '.sql', such as 0001_create_pets.sql.");
                continue;
            }
            if (number == last && before is not null)
            {
                faults.Add($"{before.Name} and {migration.Name} have the same number.");
            }
            else if (number != last + 1)
            {
                faults.Add(number <= last ? $"{migration.Name} comes after number {last:d4}: migrations are sent in their order."
                    : $"{last + 1:d4} is missing before {migration.Name}: the numbers start at 0001 and have no holes.");
            }
            if (string.IsNullOrWhiteSpace(migration.Sql))
            {
                faults.Add($"{migration.Name} is empty.");
            }
            (before, last) = (migration, number);
        }
        return faults;
    }
}
