using System.Globalization;

namespace EdgeGw.Control.Telemetry;

/// <summary>What all that is sent has in common: who sends it. The field numbers are those of opentelemetry-proto 1.9, opentelemetry/proto/resource/v1/resource.proto and common/v1/common.proto.</summary>
internal sealed class OtlpResource(string serviceName, string version)
{
    private const int ResourceAttributes = 1;
    private const int ScopeName = 1;
    private const int ScopeVersion = 2;
    private const int Key = 1;
    private const int Value = 2;
    private const int StringValue = 1;
    private const int IntValue = 3;

    // One for each start of control.
    private readonly string _instance = Guid.NewGuid().ToString();

    /// <summary>Writes a resource and, after it, the scope of what follows; <paramref name="scoped"/> writes that. Both outer messages have the resource in field 1 and their scopes in field 2, and a
    /// scope's message the scope in field 1.</summary>
    internal ReadOnlyMemory<byte> Write(Action<ProtoWriter> scoped)
    {
        var to = new ProtoWriter();
        var all = to.Begin(1);
        var resource = to.Begin(1);
        Attribute(to, ResourceAttributes, "service.name", serviceName);
        Attribute(to, ResourceAttributes, "service.version", version);
        Attribute(to, ResourceAttributes, "service.instance.id", _instance);
        Attribute(to, ResourceAttributes, "host.name", Environment.MachineName);
        to.End(resource);
        var inScope = to.Begin(2);
        var scope = to.Begin(1);
        to.Text(ScopeName, "edgegw");
        to.Text(ScopeVersion, version);
        to.End(scope);
        scoped(to);
        to.End(inScope);
        to.End(all);
        return to.Written;
    }

    /// <summary>An attribute; one without a value is left out.</summary>
    internal static void Attribute(ProtoWriter to, int field, string key, string? value)
    {
        if (value is null)
        {
            return;
        }
        var attribute = to.Begin(field);
        to.Text(Key, key);
        var any = to.Begin(Value);
        to.Text(StringValue, value);
        to.End(any);
        to.End(attribute);
    }

    /// <summary>An attribute.</summary>
    internal static void Attribute(ProtoWriter to, int field, string key, long value)
    {
        var attribute = to.Begin(field);
        to.Text(Key, key);
        var any = to.Begin(Value);
        to.Integer(IntValue, value);
        to.End(any);
        to.End(attribute);
    }

    /// <summary>A time as OTLP has it.</summary>
    internal static long Nanoseconds(DateTimeOffset time) => (time.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks) * 100;

    /// <summary>Milliseconds as nanoseconds.</summary>
    internal static long Nanoseconds(double milliseconds) => (long)(milliseconds * 1e6);

    /// <summary>A whole number as text.</summary>
    internal static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
