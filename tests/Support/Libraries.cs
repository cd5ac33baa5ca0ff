using System.Globalization;

namespace EdgeGw.Tests.Support;

/// <summary>As many versions of a library as a test wants.</summary>
public static class Libraries
{
    /// <summary>A copy that is another library to the gateway, which knows them by their bytes: a few more at its end change nothing else.</summary>
    public static async Task<byte[]> CopyAsync(string library, int number) =>
        [.. await File.ReadAllBytesAsync(library), .. System.Text.Encoding.ASCII.GetBytes(number.ToString(CultureInfo.InvariantCulture))];

    /// <summary>Deploys such a copy.</summary>
    public static async Task DeployCopyAsync(Gateway gateway, string library, int number)
    {
        using var body = new ByteArrayContent(await CopyAsync(library, number));
        using var response = await gateway.Control.PostAsync("/api/v1/deployments", body);
        if (!response.IsSuccessStatusCode)
        {
            throw new InvalidOperationException($"deploy {number}: {(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}\n{gateway.Error}");
        }
    }
}
