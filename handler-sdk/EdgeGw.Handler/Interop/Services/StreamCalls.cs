namespace EdgeGw.Interop;

/// <summary>What downloads of storage and bodies of HTTP have in common: the same functions in two tables.</summary>
internal static unsafe class StreamCalls
{
    private static readonly ReplyReader<bool> Done = static (_, _) => true;

    public static ValueTask<int> Read(OpenHandle open, ReplyReader<int> read, object argument, Memory<byte> destination)
    {
        var id = open.Id;
        var call = ServiceCall<int>.Rent(open.Exchange, open.Service, read, open);
        call.Argument = argument;
        call.Destination = destination;
        var tables = open.Service.Tables;
        return call.Started(open.Service.Kind == "storage"
            ? tables.Storage->Read(open.Exchange.Id, id, ServiceCall.Replied, call.State)
            : tables.Http->Read(open.Exchange.Id, id, ServiceCall.Replied, call.State));
    }

    /// <summary>Gives it up without waiting. Nothing when it is closed already.</summary>
    public static void CloseForgotten(OpenHandle open)
    {
        if (!open.IsOpen)
            return;
        var id = open.Id;
        open.Close();
        var call = ServiceCall<bool>.Rent(open.Exchange, open.Service, Done);
        call.Forget();
        var tables = open.Service.Tables;
        call.StartedForgotten(open.Service.Kind == "storage"
            ? tables.Storage->Close(open.Exchange.Id, id, ServiceCall.Replied, call.State)
            : tables.Http->Close(open.Exchange.Id, id, ServiceCall.Replied, call.State));
    }
}
