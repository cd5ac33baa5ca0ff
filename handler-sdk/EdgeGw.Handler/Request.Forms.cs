using System.Runtime.CompilerServices;
using System.Text;
using EdgeGw.Interop;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace EdgeGw;

/// <content>Forms.</content>
public sealed partial class Request
{
    /// <summary>The body as a form. For a handler that returns <see cref="Response"/>, whose body is all there.</summary>
    /// <exception cref="HandlerError.BadRequest">It is no form, or a damaged one, or exceeds <paramref name="limits"/>.</exception>
    public Form Form(FormLimits? limits = null)
    {
        RequireWhole();
        // Nothing is left to wait for, so this has run to its end when it returns.
        var form = FormAsync(limits);
        return form.IsCompleted ? form.Result : throw new InvalidOperationException("The form has not arrived yet.");
    }

    /// <summary>The body as a form, url-encoded or multipart, uploads included: all in memory. <see cref="ReadPartsAsync"/> streams.</summary>
    /// <exception cref="HandlerError.BadRequest">It is no form, or a damaged one, or exceeds <paramref name="limits"/>.</exception>
    [AsyncMethodBuilder(typeof(InlineTaskBuilder<>))]
    public async ValueTask<Form> FormAsync(FormLimits? limits = null)
    {
        limits ??= FormLimits.Default;
        if (MediaTypeHeaderValue.TryParse(ContentType, out var type) && type.MediaType.Equals("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase))
            return new Form(UrlEncoded.Parse((await ReadBodyAsync()).Span, limits.Count), []);
        var fields = new List<KeyValuePair<string, string>>();
        var files = new List<FormFile>();
        await foreach (var part in ReadPartsAsync(limits))
        {
            using var content = new MemoryStream();
            await CopyAsync(part.Content, content);
            if (part.FileName is { } fileName)
                files.Add(new FormFile(part.Name, fileName, part.ContentType, content.ToArray()));
            else
                fields.Add(new(part.Name, Encoding.UTF8.GetString(content.GetBuffer(), 0, (int)content.Length)));
        }
        return new Form(fields, files);
    }

    /// <summary>The parts of a multipart form as they arrive, with constant memory.</summary>
    /// <exception cref="HandlerError.BadRequest">It is no multipart form, or a damaged one, or exceeds <paramref name="limits"/>.</exception>
    public async IAsyncEnumerable<FormPart> ReadPartsAsync(FormLimits? limits = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        limits ??= FormLimits.Default;
        var reader = new MultipartReader(Boundary(), BodyStream)
        {
            HeadersCountLimit = limits.PartHeaders,
            HeadersLengthLimit = limits.PartHeaderBytes,
        };
        for (var count = 0; ; count++)
        {
            var section = await NextSectionAsync(reader, cancellationToken);
            if (section is null)
                yield break;
            if (count >= limits.Count)
                throw new HandlerError.BadRequest($"The form has more than {limits.Count} fields.");
            yield return FormPart.From(section);
        }
    }

    private static async ValueTask CopyAsync(Stream part, MemoryStream content)
    {
        try
        {
            await part.CopyToAsync(content);
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            throw Damaged(e);
        }
    }

    private static HandlerError.BadRequest Damaged(Exception e) => new("The multipart form is damaged or exceeds a limit.", e);

    private static async ValueTask<MultipartSection?> NextSectionAsync(MultipartReader reader, CancellationToken cancellationToken)
    {
        try
        {
            return await reader.ReadNextSectionAsync(cancellationToken);
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            throw Damaged(e);
        }
    }

    private string Boundary()
    {
        if (!MediaTypeHeaderValue.TryParse(ContentType, out var type) || !type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase))
            throw new HandlerError.BadRequest("The body is no form: its Content-Type is neither application/x-www-form-urlencoded nor multipart/form-data.");
        var boundary = HeaderUtilities.RemoveQuotes(type.Boundary).ToString();
        // RFC 2046, section 5.1.1: at most 70 characters.
        return boundary.Length is > 0 and <= 70 ? boundary : throw new HandlerError.BadRequest("The multipart form has no boundary of 1 to 70 characters.");
    }
}
