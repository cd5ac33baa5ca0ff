using System.Net;
using System.Text;
using System.Text.Json;
using EdgeGw.Tests.Control;

namespace EdgeGw.Tests.Identity;

/// <summary>Calls the Admin API over TCP as a browser does: with cookies and, once logged in, the CSRF token.</summary>
internal sealed class Browser : IDisposable
{
    internal const string Password = "correct horse";

    private readonly CookieContainer _cookies = new();
    private readonly HttpClient _http;

    internal Browser(RunningControl control)
    {
        Url = new Uri(control.Host.AdminUrl!);
        _http = new HttpClient(new SocketsHttpHandler { CookieContainer = _cookies }) { BaseAddress = Url };
    }

    internal Uri Url { get; }
    internal string? Csrf { get; set; }
    internal HttpResponseMessage? Last { get; private set; }

    internal string Cookie
    {
        get => _cookies.GetCookies(new Uri(Url, "/api/v1/"))["edgegw_session"]?.Value ?? "";
        set => _cookies.Add(Url, new Cookie("edgegw_session", value, "/api/"));
    }

    /// <summary>The token that the console was told.</summary>
    internal static string Token(RunningControl control) => control.Host.Setup!.Split(' ')[^1];

    internal async Task SetUpAsync(RunningControl control, string user = "ada")
    {
        var (status, body) = await SendAsync("POST", "/setup", $$"""{"token":"{{Token(control)}}","user":"{{user}}","password":"{{Password}}"}""");
        Assert.That(status, Is.EqualTo(201), body.ToString());
        Csrf = body.GetProperty("csrf").GetString();
    }

    internal async Task<int> LogInAsync(string user = "ada", string password = Password)
    {
        var (status, body) = await SendAsync("POST", "/session", JsonSerializer.Serialize(new { user, password }));
        Csrf = status == 200 ? body.GetProperty("csrf").GetString() : Csrf;
        return status;
    }

    internal async Task<(int Status, JsonElement Body)> SendAsync(string method, string path, string json = "", params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), "/api/v1" + path) { Content = json.Length == 0 ? null : new StringContent(json, Encoding.UTF8, "application/json") };
        if (Csrf is not null)
        {
            request.Headers.Add("X-CSRF-Token", Csrf);
        }
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }
        Last = await _http.SendAsync(request);
        var text = await Last.Content.ReadAsStringAsync();
        return ((int)Last.StatusCode, text.Length == 0 ? default : JsonDocument.Parse(text).RootElement);
    }

    public void Dispose() => _http.Dispose();
}
