using System.Text;

namespace EdgeGw.EndToEnd.Tests;

/// <summary>What the fixture <c>dump</c> saw of a request.</summary>
internal sealed class Dumped
{
    private readonly ILookup<string, string> _lines;

    private Dumped(string text) =>
        _lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('=', 2)).ToLookup(pair => pair[0], pair => pair[1]);

    /// <summary>Bytes as Latin-1 characters.</summary>
    public string this[string name] => Bytes(_lines[name].Single());

    public string Raw(string name) => _lines[name].Single();

    public IEnumerable<string> Header(string name) => _lines["header:" + name].Select(Bytes);

    public static async Task<Dumped> FromAsync(HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync();
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK), text);
        return new(text);
    }

    public static Dumped FromRaw(string response)
    {
        Assert.That(response, Does.StartWith("HTTP/1.1 200"));
        var body = response[(response.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..];
        // A chunked body has lines without '=' between; they say nothing here.
        return new(string.Join('\n', body.Split('\n').Where(line => line.Contains('='))));
    }

    private static string Bytes(string hex) => Encoding.Latin1.GetString(Convert.FromHexString(hex));
}
