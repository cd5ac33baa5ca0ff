public static class Parcels
{
    [Handler]
    public static Response Get(Context context, Request request)
    {
        var number = request.PathParam("number")!;
        if (!number.All(char.IsAsciiDigit))
            throw new HandlerError.BadRequest("A parcel's number is made of digits."); // 400
        if (request.Header("Authorization") is null && number.StartsWith('9'))
            throw new HandlerError.Unauthorized("This parcel is shown to those who sign in."); // 401
        if (number.Length > 6)
            throw new HandlerError.NotFound($"There is no parcel {number}."); // 404
        try
        {
            return Response.Text($"Parcel {number} is at {Station(int.Parse(number))}.\n");
        }
        catch (InvalidOperationException e)
        {
            // The caller is told what concerns them; the rest goes to the log.
            context.Log.Warning($"Parcel {number}: {e.Message}");
            return Response.Problem(409, "The parcel is between two stations; ask again later.");
        }
    }

    private static string Station(int number) => (number % 3) switch
    {
        0 => "the depot",
        1 => "the door",
        _ => throw new InvalidOperationException("no scan for an hour"),
    };
}
