namespace EdgeGw.Transport;

/// <summary>What a connection of this transport can do for protocols with many writers, such as HTTP/2.</summary>
public interface IGatheredSendsFeature
{
    /// <summary>From now on what is written goes out a moment later, on the thread pool, with all that was written until then: one system call for the frames of many streams, rather than one for each.
    /// Without it, the thread that writes sends.</summary>
    void GatherSends();
}
