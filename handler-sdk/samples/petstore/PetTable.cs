using System.Text;

namespace PetstoreSample;

/// <summary>The SQL. Whatever a client sent is a parameter, and never part of a statement's text.</summary>
internal static class PetTable
{
    private const string Columns = "id, name, kind, born, price_cents, chip";

    public static ValueTask<List<Pet>> ListAsync(Sql database, Page page)
        => database.QueryAsync<Pet>($"SELECT {Columns} FROM pets WHERE id > $1 ORDER BY id LIMIT $2", page.After, page.Limit);

    public static ValueTask<List<Pet>> SearchAsync(Sql database, Page page, string? text, string? kind, long? maxPriceCents)
    {
        var sql = new StringBuilder($"SELECT {Columns} FROM pets WHERE id > $1");
        var values = new List<DbValue> { page.After };
        void Where(string condition, DbValue value)
        {
            values.Add(value);
            sql.Append(" AND ").Append(condition.Replace("?", $"${values.Count}", StringComparison.Ordinal));
        }

        if (text is not null)
            Where("name_lower LIKE ? ESCAPE '!'", $"%{Literally(text.ToLowerInvariant())}%");
        if (kind is not null)
            Where("kind = ?", kind);
        if (maxPriceCents is not null)
            Where("price_cents <= ?", maxPriceCents);
        values.Add(page.Limit);
        return database.QueryAsync<Pet>(sql.Append($" ORDER BY id LIMIT ${values.Count}").ToString(), [.. values]);
    }

    public static IAsyncEnumerable<Pet> AllAsync(Sql database) => database.StreamAsync<Pet>($"SELECT {Columns} FROM pets ORDER BY id");

    public static ValueTask<Pet?> FindAsync(Sql database, long id) => database.QueryOneAsync<Pet>($"SELECT {Columns} FROM pets WHERE id = $1", id);

    /// <summary>Gives it the next number. Number and pet come together or not at all.</summary>
    public static async Task<Pet> AddAsync(Database database, Draft draft)
    {
        await using var transaction = await database.BeginAsync();
        var number = await transaction.QueryOneAsync("UPDATE numbers SET last = last + 1 WHERE name = 'pets' RETURNING last")
            ?? throw new HandlerError.Internal("The table of numbers has no row for pets.");
        var pet = new Pet(number.GetInt64(0), draft.Name, draft.Kind, draft.Born, draft.PriceCents, draft.Chip);
        await transaction.ExecuteAsync($"INSERT INTO pets ({Columns}, name_lower) VALUES ($1, $2, $3, $4, $5, $6, $7)",
            pet.Id, pet.Name, pet.Kind, pet.Born, pet.PriceCents, pet.Chip, pet.Name.ToLowerInvariant());
        await transaction.CommitAsync();
        return pet;
    }

    /// <summary>Null when there is no such pet.</summary>
    public static ValueTask<Pet?> ReplaceAsync(Sql database, long id, Draft draft)
        => database.QueryOneAsync<Pet>(
            $"UPDATE pets SET name = $2, name_lower = $3, kind = $4, born = $5, price_cents = $6, chip = $7 WHERE id = $1 RETURNING {Columns}",
            id, draft.Name, draft.Name.ToLowerInvariant(), draft.Kind, draft.Born, draft.PriceCents, draft.Chip);

    public static async Task<bool> RemoveAsync(Sql database, long id) => await database.ExecuteAsync("DELETE FROM pets WHERE id = $1", id) > 0;

    // '%' and '_' stand for themselves.
    private static string Literally(string text)
        => text.Replace("!", "!!", StringComparison.Ordinal).Replace("%", "!%", StringComparison.Ordinal).Replace("_", "!_", StringComparison.Ordinal);
}
