extern alias Sdk;

using System.Text.Json.Serialization;
using Sdk::EdgeGw;

namespace EdgeGw.Bench;

/// <summary>A row of ten columns, read as the SDK's generator has it read.</summary>
internal sealed record Order(long Id, string Name, string Kind, string Owner, DateOnly Due, long PriceCents, double Weight, bool Paid, DateTimeOffset Changed, Guid Tag) : IRow<Order>
{
    /// <summary>The columns.</summary>
    public static string[] Columns { get; } = ["id", "name", "kind", "owner", "due", "price_cents", "weight", "paid", "changed", "tag"];

    /// <summary>Makes one of a row.</summary>
    public static Order Read(Row row, ReadOnlySpan<int> columns) => new(
        row.GetInt64(columns[0]), row.GetString(columns[1]), row.GetString(columns[2]), row.GetString(columns[3]), row.GetDateOnly(columns[4]), row.GetInt64(columns[5]),
        row.GetDouble(columns[6]), row.GetBoolean(columns[7]), row.GetDateTimeOffset(columns[8]), row.GetGuid(columns[9]));

    /// <summary>Some rows, always the same.</summary>
    public static Order[] Some(int count)
    {
        var random = new Random(1);
        var start = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var rows = new Order[count];
        for (var i = 0; i < count; i++)
        {
            var tag = new byte[16];
            random.NextBytes(tag);
            rows[i] = new(i, $"Order number {random.Next(100_000)}", random.Next(2) == 0 ? "express" : "standard", $"customer{random.Next(10_000)}@example.com", DateOnly.FromDateTime(start.Date).AddDays(random.Next(365)),
                random.Next(1_000_000), random.NextDouble() * 100, random.Next(2) == 0, start.AddMilliseconds(random.Next()), new Guid(tag));
        }
        return rows;
    }
}

[JsonSerializable(typeof(Order[]))]
[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Serialization)]
internal sealed partial class OrderJson : JsonSerializerContext;
