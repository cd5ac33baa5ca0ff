using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace EdgeGw;

/// <summary>One part of a multipart form while it arrives. Valid until the next part is asked for.</summary>
public sealed class FormPart
{
    private readonly MultipartSection _section;

    internal FormPart(MultipartSection section, string name, string? fileName)
    {
        _section = section;
        Name = name;
        FileName = fileName;
    }

    /// <summary>The form field.</summary>
    public string Name { get; }

    /// <summary>The name the client gave to an upload, without any folder; null for a plain field.</summary>
    public string? FileName { get; }

    /// <summary>The media type the client gave.</summary>
    public string ContentType => _section.ContentType ?? (FileName is null ? "text/plain" : "application/octet-stream");

    /// <summary>The bytes, forward only. What is not read is skipped.</summary>
    public Stream Content => _section.Body;

    internal static FormPart From(MultipartSection section)
    {
        if (!ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var disposition) || !disposition.DispositionType.Equals("form-data", StringComparison.OrdinalIgnoreCase))
            throw new HandlerError.BadRequest("A part of the multipart form has no 'Content-Disposition: form-data' header.");
        var name = HeaderUtilities.RemoveQuotes(disposition.Name).ToString();
        var file = disposition.FileNameStar.HasValue ? disposition.FileNameStar : disposition.FileName;
        return new FormPart(section, name, file.HasValue ? WithoutFolder(HeaderUtilities.RemoveQuotes(file).ToString()) : null);
    }

    private static string WithoutFolder(string name) => name[(name.LastIndexOfAny(['/', '\\']) + 1)..];
}
