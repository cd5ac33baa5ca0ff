using System.Text;
using EdgeGw.Testing;

namespace EdgeGw.Fuzz.Targets;

/// <summary>A form, multipart or url-encoded, through the SDK and the fake gateway: the first line is the Content-Type, the rest the body. Read, or 400.</summary>
internal static class FormTarget
{
    private static readonly FakeGateway s_gateway = FakeGateway.For(typeof(FormHandler));

    internal static void Run(byte[] input)
    {
        var cut = Array.IndexOf(input, (byte)'\n');
        var (type, body) = cut < 0 ? (input, []) : (input[..cut], input[(cut + 1)..]);
        if (type.Any(b => b is < 32 or 127))
        {
            return; // no server lets such a header pass
        }
        var request = new FakeRequest("POST", "/form").WithBody(body, Encoding.Latin1.GetString(type));
        var answer = s_gateway.SendAsync(request).GetAwaiter().GetResult();
        FuzzFindingException.ThrowUnless(answer.Status is 200 or 400, $"a form is answered {answer.Status}: {answer.Text}");
        FuzzFindingException.ThrowUnless(s_gateway.Violations.Count == 0, "the SDK broke the contract");
    }
}

/// <summary>Reads forms.</summary>
public static class FormHandler
{
    /// <summary>Says what is in it.</summary>
    [Handler("POST", "/form")]
    public static async Task<Response> Read(Request request)
    {
        var form = await request.FormAsync(new FormLimits { Count = 32, PartHeaders = 8, PartHeaderBytes = 1024 });
        foreach (var file in form.Files)
        {
            if (file.FileName.Contains('/', StringComparison.Ordinal) || file.FileName.Contains('\\', StringComparison.Ordinal))
                throw new InvalidOperationException("a folder in a file's name");
        }
        return Response.Text($"{form.Fields.Count} {form.Files.Count}");
    }
}
