using System.Text.Json.Serialization;

public static class Orders
{
    [Handler(MaxBodyBytes = 10_000)]
    public static async Task<Response> Post(Request request)
    {
        // 400 with the reason when it is not JSON, or not of this shape.
        var order = await request.JsonAsync(Json.Default.Order);
        if (order.Quantity is < 1 or > 1_000)
            throw new HandlerError.Validation("quantity", "must be from 1 to 1000");
        var receipt = new Receipt(request.RequestId, order.Item, order.Quantity * order.PriceCents);
        return Response.Created($"/orders/{receipt.Id}", receipt, Json.Default.Receipt);
    }
}

public sealed record Order(string Item, int Quantity, long PriceCents);

public sealed record Receipt(string Id, string Item, long TotalCents);

// What is written and read is known when it is compiled: there is no reflection in a native library.
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(Order))]
[JsonSerializable(typeof(Receipt))]
internal sealed partial class Json : JsonSerializerContext;
