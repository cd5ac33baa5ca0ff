using EdgeGw.Transport;
using EdgeGw.Worker;
using Microsoft.AspNetCore.Connections;

namespace EdgeGw.Pipeline.Tests.Worker;

/// <summary>Which connections send the frames of many streams together.</summary>
public sealed class GatheredSendsTests
{
    [Test]
    public async Task A_connection_of_HTTP2_is_asked_to_gather_before_it_is_served()
    {
        var (connection, feature) = Connection();
        var gathersWhenServed = false;
        await GatheredSends.Middleware(_ =>
        {
            gathersWhenServed = feature.Gathers;
            return Task.CompletedTask;
        })(connection);
        Assert.That(gathersWhenServed, Is.True);
    }

    [Test]
    public async Task One_that_did_not_choose_HTTP2_by_TLS_is_served_as_it_is()
    {
        var (connection, feature) = Connection();
        var isServed = false;
        await GatheredSends.TlsMiddleware(_ =>
        {
            isServed = true;
            return Task.CompletedTask;
        })(connection);
        Assert.That((isServed, feature.Gathers), Is.EqualTo((true, false)));
    }

    [Test]
    public void A_transport_that_cannot_is_no_hindrance() =>
        Assert.That(GatheredSends.Middleware(_ => Task.CompletedTask)(new DefaultConnectionContext("x")).IsCompletedSuccessfully);

    private static (DefaultConnectionContext Connection, Feature Feature) Connection()
    {
        var (connection, feature) = (new DefaultConnectionContext("x"), new Feature());
        connection.Features.Set<IGatheredSendsFeature>(feature);
        return (connection, feature);
    }

    private sealed class Feature : IGatheredSendsFeature
    {
        public bool Gathers { get; private set; }

        public void GatherSends() => Gathers = true;
    }
}
