using EdgeGw.Tests.Support;

namespace EdgeGw.Load;

/// <summary>Two servers are comparable when they send the same body under the same status.</summary>
internal static class SameAnswer
{
    /// <summary>Throws when the answers differ.</summary>
    public static async Task CheckAsync(IReadOnlyList<IServer> servers)
    {
        var answers = new List<string>();
        foreach (var server in servers)
        {
            using var client = Http.Http11(server.Url);
            using var response = await client.GetAsync(server.Url);
            answers.Add($"{(int)response.StatusCode} {response.Content.Headers.ContentType?.MediaType} {await response.Content.ReadAsStringAsync()}");
        }

        if (answers.Distinct().Count() > 1)
        {
            throw new InvalidOperationException($"the servers do not answer the same: {string.Join(" | ", answers)}");
        }
    }

    /// <summary>The head of each server's answer as sent.</summary>
    public static async Task<IReadOnlyList<string>> HeadersAsync(IReadOnlyList<IServer> servers)
    {
        var heads = new List<string>();
        foreach (var server in servers)
        {
            var answer = await RawConnection.ExchangeAsync(server.Url, $"GET {server.Url.AbsolutePath} HTTP/1.1\r\nHost: {server.Url.Authority}\r\nConnection: close\r\n\r\n");
            heads.Add(answer[..answer.IndexOf("\r\n\r\n", StringComparison.Ordinal)].ReplaceLineEndings("\n"));
        }

        return heads;
    }
}
