namespace EdgeGw.Epochs;

/// <summary>Which services a deployed library gets for those that its manifest names.</summary>
internal static class ServiceBindings
{
    /// <summary>Each service that the manifest names, and the service it is given. What is not of the form <c>kind:name</c> is left out; validation names it.</summary>
    public static IEnumerable<(ServiceId Need, ServiceId Bound)> Of(EpochHandler handler)
    {
        foreach (var text in handler.Manifest.Services)
        {
            if (ServiceId.TryParse(text, out var need) && ServiceId.TryParse(handler.Services.GetValueOrDefault(text, text), out var bound))
            {
                yield return (need, bound);
            }
        }
    }
}
