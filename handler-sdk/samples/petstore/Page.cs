namespace PetstoreSample;

/// <summary>Which part of a list is asked for: <c>?after=20&amp;limit=10</c>.</summary>
internal readonly record struct Page(long After, int Limit)
{
    private const int MaxLimit = 100;

    public static Page Of(Request request)
    {
        var page = new Page(request.QueryAs("after", 0L), request.QueryAs("limit", 20));
        return page.Limit is >= 1 and <= MaxLimit ? page : throw new HandlerError.BadRequest($"'limit' must be 1 to {MaxLimit}.");
    }

    /// <summary>These pets as an answer, with the place of those after them.</summary>
    public PetPage With(List<Pet> pets, string next) => new(pets, pets.Count == Limit ? $"{next}after={pets[^1].Id}&limit={Limit}" : null);
}
