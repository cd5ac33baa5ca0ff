using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using EdgeGw.Abi;

namespace EdgeGw.Testing.Interop;

/// <summary>The request as the library sees it, in native memory that is overwritten and freed at its end.</summary>
internal sealed unsafe class FakeIncoming
{
    private readonly List<(nint Data, int Length)> _blocks = [];
    private readonly List<(string Name, AbiText NameBytes, AbiText Value)> _headers = [];
    private readonly Dictionary<AbiProperty, AbiText> _properties;
    private readonly bool _hasBody;

    public FakeIncoming(FakeRequest request, byte[] path, IReadOnlyList<byte[]> parameters, FakeRoute? route)
    {
        var headers = request.Headers;
        if (request.Body is { } body && !headers.Any(h => h.Key.Equals("Content-Length", StringComparison.OrdinalIgnoreCase)))
            headers = [.. headers, new("Content-Length", body.Length.ToString(System.Globalization.CultureInfo.InvariantCulture))];
        foreach (var (name, value) in headers)
            _headers.Add((name, Text(name), Text(value)));
        _properties = new()
        {
            [AbiProperty.Host] = Text(request.Host),
            [AbiProperty.Scheme] = Text(request.Scheme),
            [AbiProperty.ClientAddress] = Text(request.ClientAddress),
            [AbiProperty.RequestId] = Text(request.RequestId),
            [AbiProperty.Protocol] = Text("HTTP/1.1"),
            [AbiProperty.Target] = Text(request.Target),
            [AbiProperty.Route] = Text(route?.Pattern ?? ""),
        };
        _hasBody = request.BodyStream is not null || request.Body is not null;
        var query = request.Target.IndexOf('?', StringComparison.Ordinal);
        var values = (AbiText*)Allocate(parameters.Count * sizeof(AbiText));
        for (var i = 0; i < parameters.Count; i++)
            values[i] = Text(parameters[i]);
        Request = (AbiRequest*)Allocate(sizeof(AbiRequest));
        *Request = new AbiRequest
        {
            Size = (uint)sizeof(AbiRequest),
            Flags = (_hasBody ? AbiRequestFlags.HasBody : AbiRequestFlags.None) | (request.Scheme == "https" ? AbiRequestFlags.Secure : AbiRequestFlags.None),
            Method = Text(request.Method),
            Path = Text(path),
            Query = query < 0 ? default : Text(request.Target[(query + 1)..]),
            Parameters = values,
            ParameterCount = (nuint)parameters.Count,
            ContentLength = request.BodyStream is not null ? -1 : request.Body?.Length ?? 0,
        };
    }

    public AbiRequest* Request { get; private set; }

    public void Fill(ulong id, uint* cancelled, long deadlineTimestamp)
    {
        Request->Exchange = id;
        Request->Cancelled = cancelled;
        Request->Deadline = (long)((Int128)deadlineTimestamp * 1_000_000_000 / Stopwatch.Frequency);
    }

    public AbiResult Property(AbiProperty property, AbiText* value)
    {
        if (!_properties.TryGetValue(property, out var text))
            return AbiResult.Unsupported;
        *value = text;
        return AbiResult.Ok;
    }

    public AbiResult Header(string name, AbiText* value)
    {
        foreach (var header in _headers)
        {
            if (header.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                *value = header.Value;
                return AbiResult.Ok;
            }
        }
        return AbiResult.End;
    }

    public AbiResult NextHeader(uint* cursor, AbiText* name, AbiText* value)
    {
        if (*cursor >= _headers.Count)
            return AbiResult.End;
        var header = _headers[(int)(*cursor)++];
        *name = header.NameBytes;
        *value = header.Value;
        return AbiResult.Ok;
    }

    /// <summary>Overwrites and frees: who still reads gets nonsense, not luck.</summary>
    public void Free()
    {
        foreach (var (data, length) in _blocks)
        {
            new Span<byte>((void*)data, length).Fill(0xDD);
            NativeMemory.Free((void*)data);
        }
        _blocks.Clear();
        Request = null;
    }

    private AbiText Text(string text) => Text(Encoding.UTF8.GetBytes(text));

    private AbiText Text(byte[] bytes)
    {
        var data = (byte*)Allocate(bytes.Length);
        bytes.CopyTo(new Span<byte>(data, bytes.Length));
        return new AbiText(data, bytes.Length);
    }

    private void* Allocate(int length)
    {
        var data = NativeMemory.AllocZeroed((nuint)Math.Max(length, 1));
        _blocks.Add(((nint)data, length));
        return data;
    }
}
