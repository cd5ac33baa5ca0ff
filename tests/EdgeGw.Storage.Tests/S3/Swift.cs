using EdgeGw.Epochs;
using EdgeGw.Services.Storage.S3;
using EdgeGw.Storage.Tests.S3;

namespace EdgeGw.Storage.Tests.S3
{
    /// <summary>The S3 server of all tests here, started when the first one needs it, and buckets in it.</summary>
    internal static class Swift
    {
        private static readonly Lazy<Task<SwiftServer>> s_server = new(SwiftServer.StartAsync);
        private static int s_buckets;

        public static Task<SwiftServer> ServerAsync() => s_server.Value;

        public static async Task EndAsync()
        {
            if (s_server.IsValueCreated)
            {
                await (await s_server.Value).DisposeAsync();
            }
        }

        /// <summary>A service on an empty bucket of its own.</summary>
        public static async Task<EpochService> ServiceAsync(SwiftServer server)
        {
            var service = Service(server.Endpoint, $"tests-{Interlocked.Increment(ref s_buckets)}");
            await server.CreateBucketAsync(service.Settings["bucket"]);
            return service;
        }

        public static EpochService Service(string endpoint, string bucket) => new()
        {
            Kind = ServiceKinds.Storage,
            Name = "files",
            Provider = "s3",
            // The server's Python takes its time on a busy machine; what is late is looked at by itself.
            TimeoutMs = 60_000,
            Settings = new Dictionary<string, string>
            {
                ["endpoint"] = endpoint,
                ["bucket"] = bucket,
                ["accessKey"] = SwiftServer.AccessKey,
                ["secretKey"] = "env:EDGEGW_TEST_S3_SECRET",
                ["tls"] = "false",
            },
        };

        /// <summary>Uploads that the server keeps unfinished in a service's bucket.</summary>
        public static async Task<int> UnfinishedAsync(EpochService service)
        {
            using var http = new HttpClient(Handler(service)) { Timeout = Eventually.Patience };
            using var request = new HttpRequestMessage(HttpMethod.Get, Address(service).Of("", "uploads="));
            request.Options.Set(S3Handler.Body, default);
            using var response = await http.SendAsync(request);
            return System.Xml.Linq.XDocument.Parse(await response.Content.ReadAsStringAsync()).Root!.Elements().Count(element => element.Name.LocalName == "Upload");
        }

        private static S3Handler Handler(EpochService service) =>
            new(new SocketsHttpHandler(), Address(service), new S3Signer(SwiftServer.AccessKey, SwiftServer.SecretKey, "us-east-1"), TimeProvider.System);

        private static S3Address Address(EpochService service) => new(service.Settings["endpoint"], service.Settings["bucket"], tls: false, pathStyle: true);
    }
}

/// <summary>Runs before and after all tests of the assembly.</summary>
[SetUpFixture]
internal sealed class StorageServers
{
    [OneTimeSetUp]
    public void Begin() => Environment.SetEnvironmentVariable("EDGEGW_TEST_S3_SECRET", SwiftServer.SecretKey);

    [OneTimeTearDown]
    public Task EndAsync() => Swift.EndAsync();
}
