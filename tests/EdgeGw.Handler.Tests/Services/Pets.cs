using System.Text.Json;

namespace EdgeGw.Tests;

/// <summary>Records that rows become.</summary>
[Row]
public sealed partial record PetRow(long Id, string Name, DateOnly? BornOn, [Column("weight_kg")] decimal? Weight = null);

[Row]
public sealed partial record EveryType(
    bool Flag, short Small, int Medium, long Big, float Half, double Real, decimal Exact, string Text, Guid Key, byte[] Blob,
    DateTimeOffset Moment, DateTime Local, DateOnly Day, TimeOnly Hour, TimeSpan Span, JsonElement Json, long[] Numbers, string?[] Names, int?[]? Gaps, string? Nothing);

public static partial class Outer
{
    [Row]
    public partial struct Settable
    {
        public int Id { get; set; }

        public required string Name { get; init; }

        public string Upper => Name.ToUpperInvariant();
    }
}
