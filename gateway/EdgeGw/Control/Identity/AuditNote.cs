using Microsoft.AspNetCore.Http;

namespace EdgeGw.Control.Identity;

/// <summary>What the audit log is to say of a request besides its path: set by whoever answers it.</summary>
internal sealed class AuditNote
{
    private const int MaxChars = 500;

    private AuditNote()
    {
    }

    /// <summary>Whether it is written down although nobody has shown who he is: a login, the setup.</summary>
    internal bool IsEvent { get; private set; }

    /// <summary>Who it was, when that was found out on the way.</summary>
    internal string? Who { get; private set; }

    /// <summary>What was done, or why not; one line.</summary>
    internal string? Detail { get; private set; }

    /// <summary>Says what was done, or why not. The first one holds.</summary>
    internal static void Write(HttpContext context, string detail)
    {
        var note = Ensure(context);
        note.Detail ??= string.Concat(detail.Take(MaxChars).Select(c => char.IsControl(c) ? ' ' : c));
    }

    /// <summary>Says so of a request that nobody known makes, and that is to be written down all the same.</summary>
    internal static void WriteEvent(HttpContext context, string detail, string? who = null)
    {
        Write(context, detail);
        var note = Ensure(context);
        (note.IsEvent, note.Who) = (true, who);
    }

    /// <summary>What was said of a request; null when nothing was.</summary>
    internal static AuditNote? Of(HttpContext context) => context.Features.Get<AuditNote>();

    private static AuditNote Ensure(HttpContext context)
    {
        if (Of(context) is { } known)
        {
            return known;
        }
        var note = new AuditNote();
        context.Features.Set(note);
        return note;
    }
}
