using System.Buffers;
using System.Globalization;
using System.Text;
using EdgeGw.Abi;
using EdgeGw.Epochs;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace EdgeGw.Services.Storage.Directory;

/// <summary>Answers requests to the URLs of <see cref="PresignedUrls"/>: an object out (GET, HEAD, with one range) or in (PUT), in constant memory. Files block, so each step runs on a
/// pool thread.</summary>
internal sealed class PresignedObjects(ServiceRegistry services)
{
    private const int BufferBytes = 128 * 1024;

    /// <summary>Whether a request is one of these, by its raw target.</summary>
    public static bool IsFor(string rawTarget) => rawTarget.StartsWith(PresignedUrls.Path, StringComparison.Ordinal);

    /// <summary>Answers it; the bytes of an object that were sent.</summary>
    public async Task<long> ServeAsync(IFeatureCollection features)
    {
        var request = features.Get<IHttpRequestFeature>()!;
        var response = features.Get<IHttpResponseFeature>()!;
        var cancelled = features.Get<IHttpRequestLifetimeFeature>()?.RequestAborted ?? CancellationToken.None;
        try
        {
            if (!TryFind(request, out var storage, out var key))
            {
                await SayAsync(features, StatusCodes.Status403Forbidden, "This URL is not one that this gateway gave out for this method, or its time is over.").ConfigureAwait(false);
            }
            else if (request.Method == HttpMethods.Put)
            {
                await TakeAsync(features, request, storage, key, cancelled).ConfigureAwait(false);
            }
            else
            {
                return await GiveAsync(features, request, storage, key, cancelled).ConfigureAwait(false);
            }
        }
        catch (Exception) when (response.HasStarted || cancelled.IsCancellationRequested)
        {
            // The client has gone, or must see that this was not all of the object.
            features.Get<IHttpRequestLifetimeFeature>()?.Abort();
        }
        catch (Exception e) when (e is ServiceException or IOException or UnauthorizedAccessException)
        {
            var status = e is ServiceException { Fault.Result: AbiResult.TooLarge } ? StatusCodes.Status413PayloadTooLarge
                : e is BadHttpRequestException bad ? bad.StatusCode
                : StatusCodes.Status500InternalServerError;
            await SayAsync(features, status, e is ServiceException known ? known.Fault.Error : "The object could not be moved.").ConfigureAwait(false);
        }
        return 0;
    }

    private bool TryFind(IHttpRequestFeature request, out DirectoryStorage storage, out string key)
    {
        (storage, key) = (null!, "");
        var target = request.RawTarget;
        var question = target.IndexOf('?', StringComparison.Ordinal);
        if (question < 0 || target[PresignedUrls.Path.Length..question].Split('/', 2) is not [var name, var escaped])
        {
            return false;
        }
        var query = QueryHelpers.ParseQuery(target[question..]);
        var verb = query["method"].ToString();
        key = Uri.UnescapeDataString(escaped);
        if ((request.Method != verb && (request.Method, verb) is not ("HEAD", "GET")) || !ObjectKey.IsKey(key)
            || !long.TryParse(query["expires"].ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var expires))
        {
            return false;
        }
        var slot = services.Slots.FirstOrDefault(slot => slot.Kind == ServiceKinds.Storage && slot.Name == name);
        if (slot?.Actor?.Backend is not DirectoryStorage found || !found.Presigned.Allows(verb, key, expires, query["signature"].ToString()))
        {
            return false;
        }
        storage = found;
        return true;
    }

    private static async Task<long> GiveAsync(IFeatureCollection features, IHttpRequestFeature request, DirectoryStorage storage, string key, CancellationToken cancelled)
    {
        if (await Task.Run(() => storage.StatAsync(key, cancelled).AsTask(), cancelled).ConfigureAwait(false) is not { } facts)
        {
            await SayAsync(features, StatusCodes.Status404NotFound, "There is no such object.").ConfigureAwait(false);
            return 0;
        }
        var response = features.Get<IHttpResponseFeature>()!;
        var etag = $"\"{facts.Etag}\"";
        response.Headers.ETag = etag;
        response.Headers.AcceptRanges = "bytes";
        response.Headers.LastModified = HeaderUtilities.FormatDate(DateTimeOffset.FromUnixTimeMilliseconds(facts.Modified / 1000));
        response.Headers.XContentTypeOptions = "nosniff";
        if (request.Headers.IfNoneMatch.ToString() == etag)
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return 0;
        }
        var (offset, length) = Range(request, facts.Size);
        if (offset > facts.Size || (length == 0 && facts.Size > 0))
        {
            response.Headers.ContentRange = string.Create(CultureInfo.InvariantCulture, $"bytes */{facts.Size}");
            await SayAsync(features, StatusCodes.Status416RangeNotSatisfiable, "The object has no such range.").ConfigureAwait(false);
            return 0;
        }
        if (length < facts.Size)
        {
            response.StatusCode = StatusCodes.Status206PartialContent;
            response.Headers.ContentRange = string.Create(CultureInfo.InvariantCulture, $"bytes {offset}-{offset + length - 1}/{facts.Size}");
        }
        response.Headers.ContentType = facts.ContentType;
        response.Headers.ContentLength = length;
        if (request.Method == HttpMethods.Head || length == 0)
        {
            return 0;
        }
        var download = await Task.Run(() => storage.OpenReadAsync(key, offset, length, cancelled).AsTask(), cancelled).ConfigureAwait(false)
            ?? throw new ServiceException(AbiResult.IoError, "The object was removed.");
        await using (download.ConfigureAwait(false))
        {
            // Replaced meanwhile: its length was promised already.
            if (download.Facts.Etag != facts.Etag)
            {
                throw new ServiceException(AbiResult.IoError, "The object was replaced.");
            }
            var body = features.Get<IHttpResponseBodyFeature>()!.Writer;
            while (download.Remaining > 0)
            {
                var room = body.GetMemory(BufferBytes);
                body.Advance(await Task.Run(() => download.ReadAsync(room, cancelled).AsTask(), cancelled).ConfigureAwait(false));
                await body.FlushAsync(cancelled).ConfigureAwait(false);
            }
            return length;
        }
    }

    private static async Task TakeAsync(IFeatureCollection features, IHttpRequestFeature request, DirectoryStorage storage, string key, CancellationToken cancelled)
    {
        if (features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = storage.MaxObjectBytes;
        }
        if (!ObjectKey.TryReadType(Encoding.Latin1.GetBytes(request.Headers.ContentType.ToString()), out var type))
        {
            await SayAsync(features, StatusCodes.Status400BadRequest, "The Content-Type is not one.").ConfigureAwait(false);
            return;
        }
        var upload = await Task.Run(() => storage.OpenWriteAsync(key, request.Headers.ContentLength ?? -1, new ObjectHeader(type, []), cancelled).AsTask(), cancelled).ConfigureAwait(false);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            while (await request.Body.ReadAsync(buffer, cancelled).ConfigureAwait(false) is var read and > 0)
            {
                await Task.Run(() => upload.WriteAsync(buffer.AsMemory(0, read), cancelled).AsTask(), cancelled).ConfigureAwait(false);
            }
            var facts = await Task.Run(() => upload.FinishAsync(cancelled).AsTask(), cancelled).ConfigureAwait(false);
            features.Get<IHttpResponseFeature>()!.Headers.ETag = $"\"{facts.Etag}\"";
            features.Get<IHttpResponseFeature>()!.Headers.ContentLength = 0;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
            await upload.DisposeAsync().ConfigureAwait(false);
        }
    }

    // What one range asks for; more than one, or none that can be read, is the whole object (RFC 9110, section 14.2).
    private static (long Offset, long Length) Range(IHttpRequestFeature request, long size)
    {
        if (!RangeHeaderValue.TryParse(request.Headers.Range.ToString(), out var parsed) || parsed is not { Unit.Value: "bytes", Ranges: { Count: 1 } ranges })
        {
            return (0, size);
        }
        var (from, to) = (ranges.First().From, ranges.First().To);
        if (from is null)
        {
            var last = Math.Min(to!.Value, size);
            return (size - last, last);
        }
        return from >= size ? (size + 1, 0) : (from.Value, Math.Min(to ?? (size - 1), size - 1) - from.Value + 1);
    }

    private static async Task SayAsync(IFeatureCollection features, int status, string sentence)
    {
        var response = features.Get<IHttpResponseFeature>()!;
        var bytes = Encoding.UTF8.GetBytes(sentence + "\n");
        response.StatusCode = status;
        response.Headers.ContentType = "text/plain; charset=utf-8";
        response.Headers.ContentLength = bytes.Length;
        await features.Get<IHttpResponseBodyFeature>()!.Stream.WriteAsync(bytes).ConfigureAwait(false);
    }
}
