using System.Globalization;

public static class Squares
{
    [Handler]
    public static Response Get(Request request)
    {
        // {from:int} lets only numbers through: anything else is 404 by the route.
        var from = request.RequirePathParam<int>("from");

        // A query that is not a number is 400 and says which one; an absent one has its default.
        var count = request.QueryAs("count", 3);
        if (count is < 1 or > 100)
            throw new HandlerError.BadRequest("'count' must be from 1 to 100.");
        var squares = Enumerable.Range(from, count).Select(number => ((long)number * number).ToString(CultureInfo.InvariantCulture));
        return Response.Text(string.Join('\n', squares) + "\n");
    }
}
