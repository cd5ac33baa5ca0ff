using EdgeGw.Epochs;
using EdgeGw.Http.Tests.Interop;

namespace EdgeGw.Http.Tests;

/// <summary>Many requests, large bodies, slow servers, and ends in the middle.</summary>
public sealed class HttpLoadTests : HttpLab
{
    private const long MaxGrowth = 64L << 20;

    [Test]
    public async Task A_slow_server_takes_half_of_the_places_and_no_lane_and_the_others_answer()
    {
        Lab.Configure(Service() with { PoolSize = 2, QueueLength = 6 });
        var slow = Enumerable.Range(0, 4).Select(_ => Http.Get(Plain("/gate"))).ToArray();
        await Eventually.TrueAsync(() => Task.FromResult(Upstream.Waiting == 4), () => $"{Upstream.Waiting} of 4 wait");
        AssertFault(await Http.Get(Plain("/gate")), AbiResult.Busy, "",
            $"The service http:default has 4 requests to {Upstream.Plain.Authority} under way, half of all it may have, which is the most for one host: wait, or raise its queueLength.");

        await using var other = await Upstream.StartAsync();
        for (var i = 0; i < 20; i++)
        {
            Assert.That(await Http.Text(await Http.Get(new Uri(other.Plain, "/hello").ToString())), Is.EqualTo("hello"));
        }
        Upstream.Gate.SetResult();
        foreach (var head in await Task.WhenAll(slow))
        {
            Assert.That(await Http.Text(head), Is.EqualTo("open"));
        }
        Assert.That(await Http.Text(await Http.Get(Plain("/hello"))), Is.EqualTo("hello"));
    }

    [Test]
    public async Task Requests_beyond_the_connections_of_a_host_wait_for_one()
    {
        Lab.Configure(Service(("maxPerHost", "2")));
        var all = Enumerable.Range(0, 6).Select(_ => AloneAsync("GET", "/gate", "")).ToArray();
        await Eventually.TrueAsync(() => Task.FromResult(Upstream.Waiting == 2), () => $"{Upstream.Waiting} of 2 wait");
        Upstream.Gate.SetResult();
        Assert.That(await Task.WhenAll(all), Is.All.EqualTo("open"));
    }

    [Test]
    public async Task No_more_requests_are_under_way_than_the_service_has_places_for()
    {
        Lab.Configure(Service() with { PoolSize = 1, QueueLength = 1 });
        await using var other = await Upstream.StartAsync();
        var (one, two) = (await Http.Get(Plain("/begun")), await Http.Get(new Uri(other.Plain, "/begun").ToString()));
        AssertFault(await Http.Get("http://127.0.0.1:1/"), AbiResult.Busy, "", "The service http:default has 2 requests under way, as many as its poolSize and queueLength together allow.");
        await Http.Close(one.Open);
        await Http.Close(two.Open);
        Assert.That(await Http.Text(await Http.Get(Plain("/hello"))), Is.EqualTo("hello"));
    }

    [Test]
    public async Task A_thousand_calls_at_once_are_all_answered()
    {
        Lab.Configure(Service() with { QueueLength = 4096 });
        var answers = await Task.WhenAll(Enumerable.Range(0, 1000).Select(i => AloneAsync("POST", "/echo", $"{i}")));
        Assert.That(answers, Is.EqualTo(Enumerable.Range(0, 1000).Select(i => $"{i}")));
    }

    [Test]
    public async Task A_hundred_megabytes_go_both_ways_in_bounded_memory([Values] bool secure)
    {
        Configure(("caFile", Upstream.CaFile));
        var piece = new byte[65_536];
        var (before, most) = (Environment.WorkingSet, 0L);
        var open = await Http.Open("POST", secure ? Secure("/count") : Plain("/count"), Upstream.Large);
        for (var sent = 0; sent < Upstream.Large; sent += piece.Length)
        {
            Assert.That((await Http.Write(open.Open, piece)).Result, Is.EqualTo(AbiResult.Ok));
            most = Math.Max(most, sent % (1 << 20) == 0 ? Environment.WorkingSet : 0);
        }
        Assert.That(await Http.Text(await Http.Finish(open.Open)), Is.EqualTo($"{Upstream.Large}"));

        var head = await Http.Get(secure ? Secure("/large") : Plain("/large"));
        var received = 0L;
        for (var got = await Http.Read(head.Open); got.Result != AbiResult.End; got = await Http.Read(head.Open))
        {
            Assert.That(got.Result, Is.EqualTo(AbiResult.Ok), got.ToString());
            received += got.Blob().Length;
            most = Math.Max(most, received % 16 == 0 ? Environment.WorkingSet : 0);
        }
        TestContext.Out.WriteLine($"grew by {(most - before) >> 20} MiB");
        Assert.That(received, Is.EqualTo(Upstream.Large));
        Assert.That(most - before, Is.LessThan(MaxGrowth));
    }

    [Test]
    public async Task A_body_that_nobody_reads_holds_its_server_back()
    {
        var head = await Http.Get(Plain("/large"));
        Assert.That(head.Status(), Is.EqualTo(200));
        for (var i = 0; i < 10; i++)
        {
            Assert.That((await Http.Read(head.Open)).Result, Is.EqualTo(AbiResult.Ok));
            Assert.That(await Http.Text(await Http.Get(Plain("/hello"))), Is.EqualTo("hello"));
        }
        // What the sockets between them hold, and what was read: a small part of the whole.
        Assert.That(Upstream.LargeSent, Is.LessThan(Upstream.Large / 2));
    }

    [Test]
    public async Task An_exchange_that_ends_closes_what_it_had_under_way()
    {
        using (var exchange = Lab.Begin())
        {
            var http = exchange.Http();
            _ = http.Get(Plain("/gate")); // nobody will be called back
            var open = await http.Open("POST", Plain("/count"));
            Assert.That((await http.Write(open.Open, [1])).Result, Is.EqualTo(AbiResult.Ok));
            Assert.That((await http.Get(Plain("/begun"))).Status(), Is.EqualTo(200));
            // One that has not come cannot be seen to be cut off.
            await Eventually.TrueAsync(() => Task.FromResult((Upstream.Waiting, Upstream.Counting) == (1, 1)), () => "the first two requests have not come");
            exchange.Complete();
        }
        await Eventually.TrueAsync(() => Task.FromResult(Upstream.Aborted == 3), () => $"{Upstream.Aborted} of 3 requests were cut off");
        await Eventually.TrueAsync(() => Task.FromResult(Client.Places.Taken == 0), () => $"{Client.Places.Taken} places are taken");
    }

    [Test]
    public async Task Exchanges_that_end_at_any_moment_give_everything_back()
    {
        Configure(("caFile", Upstream.CaFile), ("maxPerHost", "8"));
        await Task.WhenAll(Enumerable.Range(0, 400).Select(i => Task.Run(async () =>
        {
            var random = new Random(i);
            using var exchange = Lab.Begin();
            var http = exchange.Http();
            var work = random.Next(4) switch
            {
                0 => UploadAsync(http, random.Next(2) == 0 ? Plain("/echo") : Secure("/echo")),
                1 => http.Get(Plain("/large")),
                2 => http.Get(Secure("/large"), 50),
                _ => http.Get(Plain("/gate"), (uint)random.Next(1, 100)),
            };
            for (var turns = random.Next(2_000); turns > 0 && !work.IsCompleted; turns--)
            {
                await Task.Yield();
            }
            if (random.Next(2) == 0)
            {
                exchange.Cancel();
            }
        })));
        await Eventually.TrueAsync(() => Task.FromResult(Client.Places.Taken == 0), () => $"{Client.Places.Taken} places are taken");
        Assert.That(await Http.Text(await Http.Get(Plain("/hello"))), Is.EqualTo("hello"));
        Assert.That(await Http.Text(await Http.Get(Secure("/hello"))), Is.EqualTo("hello"));
    }

    [Test]
    public async Task A_request_whose_client_goes_away_is_cancelled_and_cut_off()
    {
        using var exchange = Lab.Begin();
        var waiting = exchange.Http().Get(Plain("/gate"));
        await Eventually.TrueAsync(() => Task.FromResult(Upstream.Waiting == 1), () => "the request has not come");
        exchange.Cancel();
        AssertFault(await waiting, AbiResult.Cancelled, "", "The request was cancelled.");
        await Eventually.TrueAsync(() => Task.FromResult(Upstream.Aborted == 1), () => "the request goes on");
    }

    [Test]
    public async Task An_answer_that_is_closed_unread_closes_its_connection()
    {
        var head = await Http.Get(Plain("/begun"));
        Assert.That((await Http.Close(head.Open)).Result, Is.EqualTo(AbiResult.Ok));
        await Eventually.TrueAsync(() => Task.FromResult(Upstream.Aborted == 1), () => "the request goes on");
        Assert.That((await Http.Close(head.Open)).Result, Is.EqualTo(AbiResult.InvalidState));
    }

    [Test]
    public async Task What_is_open_goes_on_when_the_service_is_changed_under_it()
    {
        var upload = await Http.Open("POST", Plain("/echo"));
        var download = await Http.Get(Plain("/begun"));
        var before = Client;
        Configure(("maxPerHost", "3"));
        Assert.That(Client, Is.Not.SameAs(before));
        Assert.That((await Http.Write(upload.Open, "abc"u8.ToArray())).Result, Is.EqualTo(AbiResult.Ok));
        Assert.That(await Http.Text(await Http.Finish(upload.Open)), Is.EqualTo("abc"));
        Upstream.Gate.SetResult();
        Assert.That(await Http.Text(download), Is.EqualTo("begun"));
        await Eventually.TrueAsync(() => Task.FromResult(before.Places.Taken == 0), () => "the replaced client still has requests under way");
    }

    [Test]
    public async Task A_test_of_the_service_needs_no_server()
    {
        await Lab.Actor(ServiceKinds.Http, "default").Backend.CheckAsync(CancellationToken.None);
        Assert.That(() => Lab.Context.Services.Create(Service(("caFile", "/nonexistent/ca.pem"))), Throws.TypeOf<Services.ServiceConfigurationException>().With.Message.StartsWith("'caFile' cannot be read: "));
    }

    // Ends wherever the exchange does.
    private static async Task<Reply> UploadAsync(HttpOut http, string url)
    {
        var open = await http.Open("POST", url);
        for (var i = 0; i < 20 && (await http.Write(open.Open, new byte[10_000])).Result == AbiResult.Ok; i++)
        {
        }
        return await http.Finish(open.Open);
    }

    // A request of its own.
    private async Task<string> AloneAsync(string method, string path, string body)
    {
        using var exchange = Lab.Begin();
        var http = exchange.Http();
        return await http.Text(await http.Send(method, Plain(path), body));
    }
}
