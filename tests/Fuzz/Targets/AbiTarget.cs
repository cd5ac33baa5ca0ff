using EdgeGw.Configuration;
using EdgeGw.Epochs;
using EdgeGw.Generations;
using EdgeGw.Interop;
using EdgeGw.Logging;
using EdgeGw.Pipeline;
using EdgeGw.Pipeline.Send;
using EdgeGw.Scouting;
using EdgeGw.Tests.Support;
using Microsoft.AspNetCore.Http.Features;

namespace EdgeGw.Fuzz.Targets;

/// <summary>What a library gives through the function tables: the input is a program of calls (tests/Handlers/program.c), run by a real library in the real pipeline without a socket. The first byte chooses the method.</summary>
internal static class AbiTarget
{
    private const int MostBytes = 4096;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);
    private static readonly string[] s_methods = ["POST", "GET", "HEAD", "PUT"];
    private static readonly Pipeline.Gateway s_gateway = Load();

    internal static void Run(byte[] input)
    {
        if (input.Length is < 2 or > MostBytes)
        {
            return;
        }
        using var request = new SelfTestRequest(new ManifestSelfTest { Method = s_methods[input[0] % s_methods.Length], Path = "/program?x=1", Body = Convert.ToHexString(input.AsSpan(1)) });
        FuzzFindingException.ThrowUnless(s_gateway.ProcessRequestAsync(request).Wait(s_patience), "a request that does not end");
        FuzzFindingException.ThrowUnless(request.StatusCode is >= 200 and <= 599, $"the status {request.StatusCode}");
        foreach (var (name, values) in ((IHttpResponseFeature)request).Headers)
        {
            FuzzFindingException.ThrowUnless(HeaderRules.IsName(System.Text.Encoding.Latin1.GetBytes(name)) && values.All(value => value is not null && !value.Any(c => c is '\r' or '\n' or '\0')), $"the header {name}");
        }
    }

    private static Pipeline.Gateway Load()
    {
        var settings = new GatewaySettings { AccessLog = new AccessLogSettings { Enabled = false }, Log = new LogSettings { Level = "Critical" } };
        var ledger = new VersionLedger();
        var log = new LogHub(settings.Log, null, TimeProvider.System);
        var context = new PipelineContext(settings, log, ledger, TimeProvider.System);
        ExchangeTable.Context = context;
        var manifest = new Manifest { Name = "program", Routes = [new() { Method = "*", Pattern = "/program" }] };
        var handler = new EpochHandler { Name = "program", Version = "1.0.0", Sha256 = "", File = "program.so", Manifest = manifest };
        var version = ledger.Add(ordinal => new HandlerVersion(ordinal, handler))!;
        version.Loaded(LoadedLibrary.Load(Repository.Fixture("program"), version.Ordinal, settings.Handlers.HeapBytes), default, DateTimeOffset.UnixEpoch);
        var epoch = new EpochConfig { Number = 1, Created = DateTimeOffset.UnixEpoch, Action = "deploy", Reason = "fuzz", Handlers = [handler] };
        var state = new EpochLoader(settings, "", ledger, log, TimeProvider.System).TryLoad(epoch, strict: true, out var reasons) ?? throw new InvalidOperationException(string.Join(' ', reasons));
        version.GoLive();
        return new Pipeline.Gateway(context, new EpochHolder { Current = state });
    }
}
