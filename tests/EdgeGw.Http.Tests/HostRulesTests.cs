using System.Net;
using System.Net.Sockets;
using EdgeGw.Http.Tests.Interop;
using EdgeGw.Services;
using EdgeGw.Services.Http;

namespace EdgeGw.Http.Tests;

/// <summary>Where handlers may connect to.</summary>
public sealed class HostRulesTests : HttpLab
{
    [TestCase("*", "", "http://example.com/", true)]
    [TestCase("api.example.com", "", "http://API.Example.COM/", true)]
    [TestCase("api.example.com", "", "https://api.example.com.:8443/", true)]
    [TestCase("api.example.com", "", "http://example.com/", false)]
    [TestCase("api.example.com", "", "http://api.example.com.evil.org/", false)]
    [TestCase("*.Example.com", "", "http://a.b.example.com/", true)]
    [TestCase("*.example.com", "", "http://example.com/", false)]
    [TestCase("*.example.com", "", "http://evilexample.com/", false)]
    [TestCase("*", "*.example.com", "http://a.example.com/", false)]
    [TestCase("a.example.com, b.example.com", "b.example.com", "http://a.example.com/", true)]
    [TestCase("a.example.com, b.example.com", "b.example.com", "http://b.example.com/", false)]
    [TestCase("10.0.0.1", "", "http://10.0.0.1/", true)]
    [TestCase("10.0.0.1", "", "http://10.0.0.2/", false)]
    [TestCase("10.0.0.1", "", "http://[::ffff:10.0.0.1]/", true)]
    [TestCase("[fd00::1]", "", "http://[fd00:0::1]:80/", true)]
    [TestCase("*", "10.0.0.1", "http://167772161/", false)]
    [TestCase("*.example.com", "", "http://10.0.0.1/", false)]
    [TestCase("bücher.example", "", "http://xn--bcher-kva.example/", false)]
    [TestCase("xn--bcher-kva.example", "", "http://bücher.example/", true)]
    [TestCase("*", "", "http://169.254.169.254/", false)]
    [TestCase("*", "", "http://2852039166/", false)]
    [TestCase("*", "", "http://0xA9.0xFE.0xA9.0xFE/", false)]
    [TestCase("*", "", "http://[::ffff:a9fe:a9fe]/", false)]
    [TestCase("*", "", "http://[64:ff9b::169.254.169.254]/", false)]
    [TestCase("*", "", "http://[fe80::1]/", false)]
    [TestCase("*", "", "http://[fe80::1%25eth0]/", false)]
    [TestCase("*", "", "http://[febf::1]/", false)]
    [TestCase("*", "", "http://[fd00:ec2::254]/", false)]
    [TestCase("*", "", "http://100.100.100.200/", false)]
    [TestCase("*", "", "http://168.63.129.16/", false)]
    [TestCase("*, 169.254.169.254", "", "http://169.254.169.254/", true)]
    [TestCase("*, 169.254.169.254", "", "http://169.254.170.2/", false)]
    [TestCase("169.254.169.254", "169.254.169.254", "http://169.254.169.254/", false)]
    public void A_URL_is_allowed_or_not(string allow, string deny, string url, bool allowed)
    {
        var rules = new HostRules(allow, deny, "http:default");
        if (allowed)
        {
            Assert.That(() => rules.Check(new Uri(url)), Throws.Nothing);
        }
        else
        {
            Assert.That(() => rules.Check(new Uri(url)), Throws.TypeOf<ServiceException>().With.Property(nameof(ServiceException.Fault)).With.Property(nameof(ServiceFault.Code)).EqualTo("not-allowed"));
        }
    }

    [TestCase("169.254.169.254")]
    [TestCase("fe80::1")]
    [TestCase("::ffff:169.254.0.1")]
    [TestCase("fd00:ec2::254")]
    public async Task A_name_that_leads_to_a_protected_address_is_not_connected_to(string address)
    {
        await ResolveAsync((_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse(address)]));
        AssertFault(await Http.Get("http://innocent.example/"), AbiResult.Refused, "not-allowed",
            $"innocent.example has the address {IPAddress.Parse(address)}, which is one of a link-local network or of cloud metadata: such are only connected to when the setting 'allow' of http:default names the very address.");
    }

    [Test]
    public async Task A_name_that_leads_to_a_denied_address_is_not_connected_to()
    {
        await ResolveAsync((_, _) => Task.FromResult<IPAddress[]>([IPAddress.Loopback]), ("deny", "127.0.0.1"));
        AssertFault(await Http.Get($"http://innocent.example:{Upstream.Plain.Port}/hello"), AbiResult.Refused, "not-allowed",
            "innocent.example has the address 127.0.0.1, which the setting 'deny' of http:default names.");
    }

    [Test]
    public async Task Of_a_names_addresses_those_that_are_protected_are_left_out_and_the_first_that_answers_is_taken()
    {
        await ResolveAsync((host, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse("169.254.169.254"), IPAddress.Parse("127.0.0.99"), IPAddress.Loopback]));
        Assert.That(await Http.Text(await Http.Get($"http://innocent.example:{Upstream.Plain.Port}/hello")), Is.EqualTo("hello"));
    }

    [Test]
    public async Task A_name_that_changes_its_address_gains_nothing()
    {
        var asked = 0;
        await ResolveAsync((_, _) => Task.FromResult<IPAddress[]>([Interlocked.Increment(ref asked) == 1 ? IPAddress.Loopback : IPAddress.Parse("169.254.169.254")]));
        var url = $"http://rebound.example:{Upstream.Plain.Port}";
        var kept = await Http.Get(url + "/begun");
        Assert.That(kept.Status(), Is.EqualTo(200));
        Assert.That((await Http.Get(url + "/hello")).Code, Is.EqualTo("not-allowed"), "the second connection asks again, and checks again");
        Assert.That(asked, Is.EqualTo(2));
    }

    [Test]
    public async Task An_address_that_does_not_answer_leaves_time_for_the_next_one()
    {
        var silent = IPAddress.Parse("127.0.0.77");
        using var full = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        full.Bind(new IPEndPoint(silent, Upstream.Plain.Port));
        full.Listen(0);
        // What nobody accepts fills the queue; from then on nobody is answered.
        var callers = Enumerable.Range(0, 8).Select(_ => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)).ToArray();
        var calls = callers.Select(caller => caller.ConnectAsync(full.LocalEndPoint!)).ToArray();
        await calls[0];

        await ResolveAsync((_, _) => Task.FromResult<IPAddress[]>([silent, IPAddress.Loopback]), ("connectTimeoutMs", "4000")); // a part of it is the second one's
        Assert.That(await Http.Text(await Http.Get($"http://two.example:{Upstream.Plain.Port}/hello")), Is.EqualTo("hello"));
        await ResolveAsync((_, _) => Task.FromResult<IPAddress[]>([silent]), ("connectTimeoutMs", "200"));
        AssertFault(await Http.Get($"http://one.example:{Upstream.Plain.Port}/hello"), AbiResult.Unavailable, "connect", $"one.example:{Upstream.Plain.Port} could not be connected to in time.");
        Array.ForEach(callers, caller => caller.Dispose());
        Assert.That(async () => await Task.WhenAll(calls), Throws.InstanceOf<SocketException>());
    }

    [Test]
    public async Task A_URL_with_a_password_is_refused_without_repeating_it()
    {
        var refused = await Http.Get("http://me:s3cret@127.0.0.1/");
        Assert.That((refused.Result, refused.Error), Is.EqualTo((AbiResult.Refused, "The URL has a user or a password in it, which would end up in logs: send an Authorization header instead.")));
    }
}
