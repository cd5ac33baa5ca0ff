using EdgeGw.Services.Cache.Redis;
using StackExchange.Redis;

namespace EdgeGw.Cache.Tests;

/// <summary>What a server's errors mean: those that a test cannot have from a real one at will are said here.</summary>
internal sealed class RedisFaultsTests
{
    [TestCase("ERR value is not an integer or out of range", AbiResult.Refused, false, "ERR", "The value under this key is not a whole number of 64 bits, so nothing can be added to it.")]
    [TestCase("ERR increment or decrement would overflow", AbiResult.Refused, false, "ERR", "The sum does not fit into 64 bits.")]
    [TestCase("ERR unknown command 'GET'", AbiResult.Refused, false, "ERR", "The cache server cache.test:6379 refused the call: unknown command 'GET'.")]
    [TestCase("WRONGTYPE Operation against a key holding the wrong kind of value", AbiResult.Refused, false, "WRONGTYPE", "The cache server cache.test:6379 has something else than plain bytes under this key: a list, a hash or the like.")]
    [TestCase("OOM command not allowed when used memory > 'maxmemory'.", AbiResult.Refused, false, "OOM", "The cache server cache.test:6379 has no memory left (maxmemory), and writes nothing.")]
    [TestCase("MISCONF Redis is configured to save RDB snapshots", AbiResult.Refused, false, "MISCONF", "The cache server cache.test:6379 writes nothing, because it cannot save to its disk.")]
    [TestCase("READONLY You can't write against a read only replica.", AbiResult.Refused, false, "READONLY", "The cache server cache.test:6379 is a replica and writes nothing: the setting host must name the primary.")]
    [TestCase("NOPERM No permissions to access a key", AbiResult.Refused, false, "NOPERM", "The cache server cache.test:6379 does not allow this to the user of this service (ACL).")]
    [TestCase("NOAUTH Authentication required.", AbiResult.Unavailable, true, "NOAUTH", "The cache server cache.test:6379 does not accept the user and the password of this service, or asks for ones that are not set.")]
    [TestCase("WRONGPASS invalid username-password pair or user is disabled.", AbiResult.Unavailable, true, "WRONGPASS", "The cache server cache.test:6379 does not accept the user and the password of this service, or asks for ones that are not set.")]
    [TestCase("LOADING Redis is loading the dataset in memory", AbiResult.Unavailable, true, "LOADING", "The cache server cache.test:6379 is still loading its data.")]
    [TestCase("MASTERDOWN Link with MASTER is down", AbiResult.Unavailable, true, "MASTERDOWN", "The cache server cache.test:6379 is a replica that has lost its primary.")]
    [TestCase("BUSY Redis is busy running a script.", AbiResult.Unavailable, true, "BUSY", "The cache server cache.test:6379 is busy with a script.")]
    [TestCase("MOVED 3999 127.0.0.1:6381", AbiResult.Refused, false, "MOVED", "The cache server cache.test:6379 is part of a cluster, which this provider does not follow.")]
    public async Task Every_error_is_a_sentence(string message, AbiResult result, bool down, string code, string sentence)
    {
        await using var connection = new RedisConnection(new ConfigurationOptions(), "cache.test", 6379, null);
        var fault = new RedisFaults(connection).Of(new RedisServerException(RedisErrorKind.Unknown, CommandFlags.None, message));
        Assert.That((fault.Result, fault.BackendDown, fault.Code, fault.Error), Is.EqualTo((result, down, code, sentence)));
    }

    [Test]
    public async Task A_call_that_was_sent_may_have_been_done()
    {
        await using var connection = new RedisConnection(new ConfigurationOptions(), "cache.test", 6379, null);
        var fault = new RedisFaults(connection).Of(new RedisConnectionException(ConnectionFailureType.SocketClosed, CommandFlags.None, "closed", null, CommandStatus.Sent));
        Assert.That((fault.Result, fault.BackendDown, fault.Error),
            Is.EqualTo((AbiResult.Unavailable, true, "The cache server cache.test:6379 lost the connection before it answered; whether it did the call is not known.")));
    }
}
