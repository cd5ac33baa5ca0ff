namespace EdgeGw.Transport;

/// <summary>A socket on a loop.</summary>
internal interface IEventTarget
{
    /// <summary>What its events carry; the loop's to set.</summary>
    ulong Id { get; set; }

    /// <summary>The descriptor; open for as long as it is on the loop.</summary>
    int Socket { get; }

    /// <summary>Something has happened to the socket (<see cref="Interop.Epoll"/>'s constants). On the loop's thread.</summary>
    void OnEvents(uint events);
}
