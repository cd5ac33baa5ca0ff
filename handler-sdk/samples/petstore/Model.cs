using System.Text.Json.Serialization;

namespace PetstoreSample;

/// <summary>A pet: a row of the table, and the JSON that clients get.</summary>
[Row]
public sealed partial record Pet(long Id, string Name, string Kind, DateOnly? Born, long PriceCents, string? Chip);

/// <summary>A page of pets in the order of their numbers.</summary>
/// <param name="Pets">The pets.</param>
/// <param name="Next">Where the next page is; null on the last one.</param>
public sealed record PetPage(IReadOnlyList<Pet> Pets, string? Next);

/// <summary>What clients send: a pet without its number.</summary>
public sealed record Draft(string Name, string Kind, long PriceCents, DateOnly? Born = null, string? Chip = null)
{
    private const long MaxCents = 100_000_000;

    private static readonly string[] Kinds = ["dog", "cat", "bird", "fish", "other"];

    /// <summary>This, when all of it is acceptable.</summary>
    /// <exception cref="HandlerError.Validation">It names every field that is not.</exception>
    public Draft Check()
    {
        var errors = new List<KeyValuePair<string, string>>();
        if (Name.Trim().Length is 0 or > 100 || Name.Contains('\0'))
            errors.Add(new("name", "must have 1 to 100 characters"));
        if (!Kinds.Contains(Kind))
            errors.Add(new("kind", $"must be one of {string.Join(", ", Kinds)}"));
        if (PriceCents is < 0 or > MaxCents)
            errors.Add(new("priceCents", $"must be 0 to {MaxCents}"));
        if (Chip is not null && (Chip.Length != 15 || !Chip.All(char.IsAsciiDigit)))
            errors.Add(new("chip", "must have 15 digits (ISO 11784)"));
        return errors.Count == 0 ? this with { Name = Name.Trim() } : throw new HandlerError.Validation(errors);
    }
}

/// <summary>Where an image can be had for a while, without this handler.</summary>
public sealed record ImageLink(Uri Url, int Seconds);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(PetPage))]
[JsonSerializable(typeof(Draft))]
[JsonSerializable(typeof(ImageLink))]
internal sealed partial class Json : JsonSerializerContext;
