using System.Buffers.Binary;
using System.Runtime.InteropServices;
using EdgeGw.Abi;
using EdgeGw.Interop;

namespace EdgeGw.Pipeline.Accept;

/// <summary>A request's id to keep: the client's text, or the number that becomes text when it is written. Copying it allocates nothing.</summary>
internal readonly record struct RequestIdValue(string? Text, ulong Number)
{
    // Not RandomNumberGenerator, which brings a crypto library of 3 MB into a process that may need it for nothing else. The bytes left out are those that a UUID's version and
    // variant take up (RFC 9562, section 5.4).
    private static readonly ulong s_worker = BinaryPrimitives.ReadUInt64LittleEndian([.. Guid.NewGuid().ToByteArray().AsSpan(0, 6), .. Guid.NewGuid().ToByteArray().AsSpan(10, 2)]);

    /// <summary>The half that all numbered ids of this process have in common.</summary>
    public static ulong Worker => s_worker;

    /// <summary>Digits of a numbered id.</summary>
    public const int Digits = 32;

    /// <summary>Writes a numbered id as ASCII.</summary>
    public void Format(Span<byte> utf8)
    {
        Span<byte> number = stackalloc byte[Digits / 2];
        Write(number);
        Convert.TryToHexStringLower(number, utf8, out _);
    }

    /// <summary>Writes a numbered id as characters.</summary>
    public void Format(Span<char> text)
    {
        Span<byte> number = stackalloc byte[Digits / 2];
        Write(number);
        Convert.TryToHexStringLower(number, text, out _);
    }

    // All 128 bits at once: the conversion to hex works on vectors, formatting two numbers digit by digit took 1% of a request's CPU.
    private void Write(Span<byte> number)
    {
        BinaryPrimitives.WriteUInt64BigEndian(number, s_worker);
        BinaryPrimitives.WriteUInt64BigEndian(number[8..], Number);
    }

    /// <inheritdoc/>
    public override string ToString() => Text ?? string.Create(Digits, this, static (span, id) => id.Format(span));
}

/// <summary>The id of a request: the client's X-Request-Id when it is a decent one, else 32 hex digits, unique over workers and restarts.</summary>
internal sealed class RequestId
{
    /// <summary>The header that carries it both ways.</summary>
    public const string Header = "X-Request-Id";

    private const int MaxLength = 128;
    private static long s_counter = BinaryPrimitives.ReadUInt32LittleEndian(Guid.NewGuid().ToByteArray());

    // HTTP/1.1 writes the response's head out at once and keeps no header value, so the text can be written into the same string for the next request. HTTP/2
    // may keep it in the header table of the connection and gets a string of its own.
    private readonly string _reusable = new('0', RequestIdValue.Digits);
    private ulong _number;
    private string? _text;

    /// <summary>The id to keep.</summary>
    public RequestIdValue Value => new(_text, _number);

    /// <summary>Takes the client's id, or numbers the request. The number becomes text when somebody asks for it.</summary>
    public void Assign(string? fromClient)
    {
        if (fromClient is not null && IsDecent(fromClient))
        {
            _text = fromClient;
            return;
        }
        _text = null;
        // The multiplication spreads neighbours over the whole range (it is odd, so no two numbers meet).
        _number = (ulong)Interlocked.Increment(ref s_counter) * 0x9E3779B97F4A7C15ul;
    }

    /// <summary>The text for the response's header, valid until the next request of the exchange.</summary>
    public string ForResponse(bool mayBeKept)
    {
        if (_text is not null)
        {
            return _text;
        }
        if (mayBeKept)
        {
            return _text = ToString();
        }
        Value.Format(MemoryMarshal.CreateSpan(ref MemoryMarshal.GetReference(_reusable.AsSpan()), RequestIdValue.Digits));
        return _reusable;
    }

    /// <summary>The text for the handler, valid until completion.</summary>
    public AbiText ForHandler(ExchangeMemory memory)
    {
        if (_text is not null)
        {
            return memory.StoreLatin1(_text);
        }
        Value.Format(memory.Take(RequestIdValue.Digits, out var text));
        return text;
    }

    /// <summary>The text to keep.</summary>
    public override string ToString() => Value.ToString();

    private static bool IsDecent(string id)
    {
        if (id.Length is 0 or > MaxLength)
        {
            return false;
        }
        foreach (var c in id)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_' or '.' or ':' or '/' or '+' or '='))
            {
                return false;
            }
        }
        return true;
    }
}
