using System.Text;

namespace PetstoreSample.Tests;

public class ImagesTests
{
    private static readonly byte[] Gif = Encoding.ASCII.GetBytes("GIF89a and so on");

    private Store _store = null!;

    [SetUp]
    public void Open()
    {
        _store = new Store();
        _store.Gives("SELECT", 1);
    }

    [Test]
    public async Task An_image_goes_up_as_a_stream_and_comes_down_as_it_was()
    {
        var upload = new FakeRequest("PUT", "/pets/1/image") { BodyStream = new MemoryStream(Gif) }.WithHeader("Content-Type", "Image/GIF; x=y");
        Assert.That((await _store.Gateway.SendAsync(upload)).Status, Is.EqualTo(204));
        Assert.That((_store.Files["pets/1"]!.Content, _store.Files["pets/1"]!.ContentType), Is.EqualTo((Gif, "image/gif")));
        var image = await _store.SendAsync("GET", "/pets/1/image");
        Assert.That((image.Status, image.Header("Content-Type"), image.Header("X-Content-Type-Options"), image.Body.ToArray()), Is.EqualTo((200, "image/gif", "nosniff", Gif)));
    }

    [Test]
    public async Task A_link_is_for_some_minutes()
    {
        await _store.RefusesAsync(404, "There is no image of a pet 1.", "GET", "/pets/1/image/link");
        await _store.Gateway.SendAsync(new FakeRequest("PUT", "/pets/1/image").WithBody(Gif, "image/gif"));
        var link = await _store.SendAsync("GET", "/pets/1/image/link");
        Assert.That((Store.Member(link, "seconds"), Store.Member(link, "url")), Is.EqualTo(("300", "https://files.invalid/pets%2F1?method=Get&seconds=300")));
    }

    [Test]
    public async Task What_is_no_image_is_415_and_is_not_kept()
    {
        foreach (var type in (string[])["text/html", "image/svg+xml", ""])
        {
            var response = await _store.Gateway.SendAsync(new FakeRequest("PUT", "/pets/1/image").WithBody(Gif, type));
            Assert.That((response.Status, response.Text.Contains("An image is one of", StringComparison.Ordinal)), Is.EqualTo((415, true)));
        }
        Assert.That(_store.Files.Calls, Is.Empty);
    }

    [Test]
    public async Task An_image_of_no_pet_is_404()
    {
        _store.Gives("SELECT");
        Assert.That((await _store.Gateway.SendAsync(new FakeRequest("PUT", "/pets/1/image").WithBody(Gif, "image/gif"))).Status, Is.EqualTo(404));
        await _store.RefusesAsync(404, "There is no image of a pet 1.", "GET", "/pets/1/image");
    }

    [Test]
    public async Task The_image_goes_with_its_pet()
    {
        await _store.Gateway.SendAsync(new FakeRequest("PUT", "/pets/1/image").WithBody(Gif, "image/gif"));
        _store.Database.When("DELETE", FakeResult.Changed(1));
        Assert.That((await _store.SendAsync("DELETE", "/pets/1")).Status, Is.EqualTo(204));
        Assert.That(_store.Files["pets/1"], Is.Null);
    }

    [Test]
    public async Task A_storage_that_is_down_is_503_and_keeps_the_pet()
    {
        Store.IsDown(_store.Files);
        await _store.RefusesAsync(503, "The storage 'files' cannot be reached at the moment.", "DELETE", "/pets/1");
        Assert.That(_store.Database.Statements, Is.Empty);
    }

    [TearDown]
    public void Nothing_broke_the_contract() => Assert.That(_store.Gateway.Violations, Is.Empty);
}
