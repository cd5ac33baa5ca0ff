using System.Security.Cryptography;
using System.Text;
using EdgeGw.Tests.Support;

namespace EdgeGw.Load;

/// <summary>Servers are comparable when they send the same body under the same status and type. Server, date, connection and framing headers may differ: the report shows the heads.</summary>
internal static class SameAnswer
{
    private const int Shown = 200;

    /// <summary>Throws when the answers differ.</summary>
    public static async Task CheckAsync(IReadOnlyList<Contender> contenders)
    {
        var answers = new List<string>();
        foreach (var (name, server, ask) in contenders)
        {
            using var client = ask.Http2Streams > 0 ? Http.Http2(server.Address) : Http.Http11(server.Address);
            // The first and the last: a rotation has a whole table of routes between them.
            foreach (var path in (string[])[ask.Paths[0], ask.Paths[^1]])
            {
                using var request = ask.Message(server.Address, path);
                request.Version = client.DefaultRequestVersion;
                request.VersionPolicy = client.DefaultVersionPolicy;
                using var response = await client.SendAsync(request);
                var body = await response.Content.ReadAsByteArrayAsync();
                var text = $"{(int)response.StatusCode} {response.Content.Headers.ContentType?.MediaType} {body.Length} bytes, {Convert.ToHexStringLower(SHA256.HashData(body))}";
                if (answers.Count > 0 && answers[^1] != text)
                {
                    throw new InvalidOperationException($"{name} does not answer {path} as {contenders[0].Name} does: {text} where that is {answers[^1]}: {Encoding.UTF8.GetString(body.AsSpan(0, Math.Min(body.Length, Shown)))}");
                }
                answers.Add(text);
            }
        }
    }

    /// <summary>The head of each server's answer as sent over HTTP/1.1.</summary>
    public static async Task<IReadOnlyList<string>> HeadersAsync(IReadOnlyList<Contender> contenders)
    {
        var heads = new List<string>();
        foreach (var (_, server, ask) in contenders)
        {
            var answer = await RawConnection.ExchangeAsync(server.Address, $"GET {ask.Paths[0]} HTTP/1.1\r\nHost: {server.Address.Authority}\r\nConnection: close\r\n\r\n");
            heads.Add(answer[..answer.IndexOf("\r\n\r\n", StringComparison.Ordinal)].ReplaceLineEndings("\n"));
        }

        return heads;
    }
}
