using EdgeGw.Control.Storage;

namespace EdgeGw.Control.Changes;

/// <summary>A change that was not made: nothing is different from before. Answered as application/problem+json.</summary>
internal sealed class ChangeRefusedException(int status, string title, params IReadOnlyList<string> reasons) : Exception(title)
{
    /// <summary>The HTTP status: 4xx when the caller can mend it, 5xx when the gateway cannot do it now.</summary>
    internal int Status { get; } = status;

    /// <summary>Every reason, one sentence each.</summary>
    internal IReadOnlyList<string> Reasons { get; } = reasons;

    /// <summary>For 412: the revision that the document is at.</summary>
    internal long? Revision { get; init; }

    /// <summary>The state directory could not be written.</summary>
    internal static ChangeRefusedException NotWritable(Exception error) =>
        new(507, $"The state directory cannot be written: {Files.Reason(error)}. Nothing was changed.");
}
