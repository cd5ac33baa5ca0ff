using System.Diagnostics;
using System.IO.Pipes;
using System.Text;
using System.Text.Json;
using EdgeGw.Blame;
using EdgeGw.Epochs;
using EdgeGw.Interop;
using EdgeGw.Worker;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using Microsoft.Win32.SafeHandles;

namespace EdgeGw.ScriptedRoles;

/// <summary>A worker with no handlers. Files in <c>script/</c> of the state directory are its script; each is looked for when its moment comes.</summary>
internal static class ScriptedWorker
{
    private static string s_script = "";
    private static string s_log = "";
    private static long s_epoch;
    private static AnonymousPipeClientStream? s_life;

    internal static async Task<int> RunAsync(string[] args)
    {
        var state = Arguments.Get(args, "--state");
        var id = Arguments.Get(args, "--id");
        s_script = Path.Combine(state, "script");
        s_log = $$"""{"time":"{{DateTimeOffset.UtcNow:O}}","level":"Info","source":"hello","message":"worker {{id}}"}""" + "\n";
        s_epoch = EpochOf(Arguments.Get(args, "--epoch"));
        if (args.Contains("--secrets-fd"))
        {
            using var secrets = new SafeFileHandle(int.Parse(Arguments.Get(args, "--secrets-fd"), null), ownsHandle: true);
            var bytes = new byte[RandomAccess.GetLength(secrets)];
            _ = RandomAccess.Read(secrets, bytes, 0);
            await File.WriteAllBytesAsync(Path.Combine(s_script, "started-with-secrets"), bytes);
        }
        if (Script("die-with-epoch") is { } fatal && fatal.Split().Contains($"{s_epoch}"))
        {
            Process.GetCurrentProcess().Kill();
        }

        if (Script("hang-in-load") is not null && !args.Contains("--without"))
        {
            HangInLoad(args);
        }
        if (args.Contains("--strict"))
        {
            if (Script("refuse-boot") is { } refusal)
            {
                await SayAsync(args, $"REFUSED {refusal}");
                return 1;
            }
            s_epoch = Script("boot-another") is { } another ? long.Parse(another, null) : s_epoch;
        }

        var stopped = new TaskCompletionSource();
        await using var app = Build(args, id, stopped);
        await app.StartAsync();
        using var descriptors = new DescriptorOffer(Path.Combine(state, "run", $"worker-{id}.fds"), [.. Listeners(args).Select(listener => listener.Descriptor)]);
        using var liveness = new LivenessServer(Path.Combine(state, "run", $"worker-{id}.live"), _ => Script("stand-still") is null);
        if (Script("gate-start") is { } gate)
        {
            await File.WriteAllTextAsync(gate, id);
            await using var pipe = new FileStream(gate + ".pipe", FileMode.Open, FileAccess.Read); // blocks until the test opens it
        }
        if (Script("hang-at-start") is null)
        {
            await SayAsync(args, $"READY epoch={s_epoch}");
        }
        await stopped.Task;
        await app.StopAsync();
        return 0;
    }

    // As a worker whose first library stops the whole process in its init would look from outside.
    private static void HangInLoad(string[] args)
    {
        var epoch = JsonSerializer.Deserialize(File.ReadAllBytes(Arguments.Get(args, "--epoch")), EpochJson.Default.EpochConfig)!;
        BlameMemory.Open(int.Parse(Arguments.Get(args, "--blame-fd"), null));
        BlameMemory.Describe(1, epoch.Handlers[0]);
        BlamedCall.Enter(CallPhase.Init, 1, exchange: 0);
        new ManualResetEventSlim().Wait();
    }

    private static async Task SayAsync(string[] args, string line)
    {
        // Stays open: its end would say that the worker cannot work any more.
        s_life = new AnonymousPipeClientStream(PipeDirection.Out, Arguments.Get(args, "--ready-fd"));
        await s_life.WriteAsync(Encoding.UTF8.GetBytes(line + "\n"));
    }

    private static WebApplication Build(string[] args, string id, TaskCompletionSource stopped)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.ListenUnixSocket(Path.Combine(Arguments.Get(args, "--state"), "run", $"worker-{id}.sock"));
            foreach (var (descriptor, _) in Listeners(args))
            {
                kestrel.ListenHandle((ulong)descriptor, listen => listen.Protocols = HttpProtocols.Http1);
            }
        });
        var app = builder.Build();
        // Without a script 404, as a worker of an earlier version would: control must bear that.
        app.MapGet("/stuck", async (HttpContext context, long after) => await StuckAsync(context, id, after));
        app.MapGet("/", () => $"worker {id} epoch {s_epoch}");
        app.MapGet("/status", () => Results.Text($$"""
            {"id":{{id}},"pid":{{Environment.ProcessId}},"epoch":{{s_epoch}},"ready":true,"reasons":[],"uptimeMs":1,"inFlight":0,"requests":7,"threads":1,"rssBytes":1,"routes":[],{{Script("services")}}"versions":[
              {"ordinal":1,"handler":"hello","version":"1.0.0","sha256":"aa","state":"{{(Script("draining") is null ? "retired" : "draining")}}","inFlight":0,"requests":5,"faults":0,
               "loadedAt":"2026-01-02T03:04:05Z","loadMs":1.5,"rssBytes":1,"threads":1,"error":null}]}
            """, "application/json"));
        app.MapGet("/metrics", () => "edgegw_requests_total 7\n");
        app.MapGet("/traffic", () => Script("traffic") is { } traffic ? Results.Text(traffic, "application/json") : Results.NotFound());
        app.MapGet("/requests", RequestsAsync);
        app.MapGet("/logs", async (HttpContext context, bool follow) =>
        {
            await context.Response.WriteAsync(s_log);
            await context.Response.Body.FlushAsync();
            if (follow)
            {
                var ended = new TaskCompletionSource();
                await using var registration = context.RequestAborted.Register(ended.SetResult);
                await ended.Task;
            }
        });
        app.MapPut("/epoch", async (HttpContext context) => await PutEpochAsync(context));
        app.MapPut("/secrets", async (HttpContext context) =>
        {
            using var reader = new StreamReader(context.Request.Body);
            await File.WriteAllTextAsync(Path.Combine(s_script, "told-secrets"), await reader.ReadToEndAsync());
        });
        app.MapPost("/services/test", context => AskedAsync(context, "asked-test", """{"ok":true,"ms":1.5}"""));
        app.MapPost("/services/migrate", context => AskedAsync(context, "asked-migrate", """{"applied":["0002_more.sql"],"present":1,"ms":2.5}"""));
        app.MapPost("/stop", () =>
        {
            if (Script("ignore-stop") is null)
            {
                stopped.TrySetResult();
            }
            return Results.Accepted();
        });
        return app;
    }

    // Its script has a record a line; who follows gets each line that is added.
    private static async Task RequestsAsync(HttpContext context)
    {
        if (context.Request.Query["follow"] != "true")
        {
            await context.Response.WriteAsync("[" + string.Join(',', (Script("requests") ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries).Reverse()) + "]");
            return;
        }
        await context.Response.Body.FlushAsync();
        var told = 0;
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        do
        {
            var lines = Script("requests") is { } text ? text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries) : [];
            foreach (var line in lines.Skip(told))
            {
                await context.Response.WriteAsync(line + "\n");
                await context.Response.Body.FlushAsync();
            }
            told = lines.Length;
        }
        while (await look.WaitForNextTickAsync(CancellationToken.None) && !context.RequestAborted.IsCancellationRequested);
    }

    private static async Task PutEpochAsync(HttpContext context)
    {
        using var request = await JsonDocument.ParseAsync(context.Request.Body);
        var epoch = EpochOf(request.RootElement.GetProperty("path").GetString()!);
        if (Script("die-on-put") is not null)
        {
            Process.GetCurrentProcess().Kill();
        }
        if (Script("gate-put") is { } gate)
        {
            await File.WriteAllTextAsync(gate, "waiting");
            using var pipe = new FileStream(gate + ".pipe", FileMode.Open, FileAccess.Read); // blocks until the test opens it
        }
        if (Script("refuse-put") is { } reason)
        {
            context.Response.StatusCode = 422;
            await context.Response.WriteAsync($$"""{"type":"about:blank","title":"refused","status":422,"detail":"{{reason}}","reasons":["{{reason}}"]}""");
            return;
        }
        s_epoch = epoch;
    }

    // Keeps what it was asked, for the test to see.
    private static async Task AskedAsync(HttpContext context, string asked, string answer)
    {
        using var reader = new StreamReader(context.Request.Body);
        await File.WriteAllTextAsync(Path.Combine(s_script, asked), await reader.ReadToEndAsync());
        if (Script("die-when-asked") is not null)
        {
            Process.GetCurrentProcess().Kill();
        }
        var refusal = Script("refuse-asked");
        context.Response.StatusCode = refusal is null ? 200 : 422;
        context.Response.ContentType = refusal is null ? "application/json" : "application/problem+json";
        await context.Response.WriteAsync(refusal is null ? answer : $$"""{"type":"about:blank","title":"Unprocessable Entity","status":422,"detail":"{{refusal}}","reasons":["{{refusal}}"]}""");
    }

    // What "stuck-N" holds, once there is something; each call once.
    private static async Task<IResult> StuckAsync(HttpContext context, string id, long after)
    {
        using var again = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (Script("stuck-" + id) is { } calls)
        {
            if (calls.Length > 0 && after == 0)
            {
                return Results.Text(calls, "application/json");
            }
            await File.WriteAllTextAsync(Path.Combine(s_script, "polled-" + id), "");
            await again.WaitForNextTickAsync(context.RequestAborted);
        }
        return Results.NotFound();
    }

    private static IEnumerable<(int Descriptor, string Url)> Listeners(string[] args) =>
        Arguments.All(args, "--listen").Select(text => text.Split('=', 2)).Select(parts => (int.Parse(parts[0], null), parts[1]));

    private static long EpochOf(string path)
    {
        if (path.Length == 0)
        {
            return 0;
        }
        using var document = JsonDocument.Parse(File.ReadAllBytes(path));
        return document.RootElement.GetProperty("number").GetInt64();
    }

    private static string? Script(string name) => Path.Combine(s_script, name) is var path && File.Exists(path) ? File.ReadAllText(path) : null;
}
