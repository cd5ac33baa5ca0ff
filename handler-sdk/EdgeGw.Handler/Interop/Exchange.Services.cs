namespace EdgeGw.Interop;

/// <summary>The faces of services, kept from request to request.</summary>
internal sealed partial class Exchange
{
    private BoundService[] _services = [];

    /// <summary>The face of a service, made when this object is first asked for it.</summary>
    /// <exception cref="InvalidOperationException">There is no such service for this library, or the request is over.</exception>
    public T Service<T>(string kind, string name, Func<Exchange, Service, T> create) where T : BoundService
    {
        if (Id == 0)
            ThrowOver();
        foreach (var service in _services)
        {
            if (service is T face && face.Name == name)
                return face;
        }
        var created = create(this, Library.Services.Find(kind, name));
        _services = [.. _services, created]; // two at once lose one of the two, which is made again
        return created;
    }

    private void UseLibrary(LibraryInstance library)
    {
        Library = library;
        _services = [];
    }
}
