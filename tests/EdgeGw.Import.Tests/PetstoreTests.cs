using System.Text;
using System.Text.Json;
using EdgeGw.Testing;

namespace EdgeGw.Import.Tests;

/// <summary>The public Petstore document becomes endpoints that compile and answer.</summary>
public sealed class PetstoreTests
{
    private static readonly Lazy<FakeGateway> s_gateway = new(() =>
    {
        var (messages, library) = Compiled.Of(Specs.Read(Specs.Petstore).Api!);
        Assert.That(messages, Is.Empty);
        return Compiled.Load(library);
    });

    [Test]
    public void Every_operation_is_an_endpoint_below_the_servers_path()
    {
        var (api, faults) = Specs.Read(Specs.Petstore);
        using var scope = Assert.EnterMultipleScope();
        Assert.That(faults, Is.Empty);
        Assert.That((api!.Title, api.BasePath), Is.EqualTo(("Swagger Petstore - OpenAPI 3.0", "/api/v3")));
        Assert.That(api.Operations.Select(operation => $"{operation.Method} {operation.Path} {operation.Name}"), Is.EqualTo((string[])
        [
            "PUT /pet updatePet", "POST /pet addPet", "GET /pet/findByStatus findPetsByStatus", "GET /pet/findByTags findPetsByTags", "GET /pet/{petId} getPetById", "POST /pet/{petId} updatePetWithForm",
            "DELETE /pet/{petId} deletePet", "POST /pet/{petId}/uploadImage uploadFile", "GET /store/inventory getInventory", "POST /store/order placeOrder", "GET /store/order/{orderId} getOrderById",
            "DELETE /store/order/{orderId} deleteOrder", "POST /user createUser", "POST /user/createWithList createUsersWithListInput", "GET /user/login loginUser", "GET /user/logout logoutUser",
            "GET /user/{username} getUserByName", "PUT /user/{username} updateUser", "DELETE /user/{username} deleteUser",
        ]));
        Assert.That(Specs.Read(Specs.Petstore).Api, Is.EqualTo(api).Using<object>((a, b) => JsonSerializer.Serialize(a) == JsonSerializer.Serialize(b)), "the same document gives the same source");
    }

    [Test]
    public void A_stub_reads_as_one_would_write_it()
    {
        var source = Specs.Read(Specs.Petstore).Api!.Operations.Single(operation => operation.Name == "deletePet").Source;
        Assert.That(source, Is.EqualTo("""
            // DELETE /pet/{petId}
            /// <summary>Deletes a pet</summary>
            public static class DeletePetEndpoint
            {
                [Handler]
                public static Response Handle(Request request)
                {
                    var apiKey = request.Header("api_key");
                    var petId = request.RequirePathParam<long>("petId");

                    return Response.Ok().WithStatus(400);
                }
            }

            """));
    }

    [TestCase("GET", "/pet/10", null, 200, """{"id":10,"name":"doggie","category":{"id":1,"name":"Dogs"},"photoUrls":["text"],"tags":[{"id":1,"name":"text"}],"status":"available"}""")]
    [TestCase("GET", "/pet/abc", null, 400, null)]
    [TestCase("POST", "/pet", """{"name":"Rex","photoUrls":[],"status":"sold"}""", 200, null)]
    [TestCase("POST", "/pet", """{"photoUrls":[]}""", 400, null)]
    [TestCase("POST", "/pet", """{"name":"Rex","photoUrls":[],"status":"eaten"}""", 400, null)]
    [TestCase("GET", "/pet/findByTags?tags=a&tags=b", null, 200, null)]
    [TestCase("GET", "/store/inventory", null, 200, """{"key":1}""")]
    [TestCase("POST", "/store/order", null, 200, """{"id":10,"petId":198772,"quantity":7,"shipDate":"2026-01-31T12:00:00+00:00","status":"approved","complete":true}""")]
    [TestCase("GET", "/user/login?username=a", null, 200, "\"text\"")]
    [TestCase("GET", "/user/logout", null, 200, "")]
    [TestCase("POST", "/user/createWithList", "[{},{\"id\":5}]", 200, null)]
    [TestCase("POST", "/pet/1/uploadImage", "bytes", 200, """{"code":1,"type":"text","message":"text"}""")]
    public async Task An_endpoint_answers_the_example(string method, string target, string? body, int status, string? expected)
    {
        var response = await s_gateway.Value.SendAsync(new FakeRequest(method, target) { Body = body is null ? null : Encoding.UTF8.GetBytes(body) });
        Assert.That(response.Status, Is.EqualTo(status), () => response.Text);
        if (expected is not null)
        {
            Assert.That(response.Text, Is.EqualTo(expected));
        }
    }

    [Test]
    public async Task Every_endpoint_answers()
    {
        var api = Specs.Read(Specs.Petstore).Api!;
        foreach (var operation in api.Operations)
        {
            var target = operation.Path.Replace("{petId}", "7", StringComparison.Ordinal).Replace("{orderId}", "7", StringComparison.Ordinal).Replace("{username}", "ada", StringComparison.Ordinal);
            var body = operation.Method is "POST" or "PUT" ? operation.Path == "/user/createWithList" ? "[]" : """{"name":"Rex","photoUrls":[]}""" : "";
            var response = await s_gateway.Value.SendAsync(new FakeRequest(operation.Method, target) { Body = Encoding.UTF8.GetBytes(body) });
            Assert.That(response.Status, Is.LessThan(500), () => $"{operation.Name}: {response.Text}");
        }
        Assert.That(s_gateway.Value.Violations, Is.Empty);
    }
}
