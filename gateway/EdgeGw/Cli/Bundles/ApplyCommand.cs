using System.CommandLine;
using System.Globalization;
using EdgeGw.Cli.Admin;
using EdgeGw.Cli.Output;

namespace EdgeGw.Cli.Bundles;

/// <summary><c>edgegw apply</c>: makes the gateway serve what a bundle says.</summary>
internal static class ApplyCommand
{
    private const long LargeUploadBytes = 8 << 20;

    /// <summary>Makes the command.</summary>
    public static Command Create(CliHost host)
    {
        var file = new Option<string>("--file", "-f") { Description = "A bundle.yaml, a folder that has one, or a zip archive", HelpName = "PATH", Required = true };
        var dryRun = new Option<bool>("--dry-run") { Description = "Only say what would change" };
        var prune = new Option<bool>("--prune") { Description = "Take away every handler and service that the bundle does not name, and, if it has a catalog, every row of that" };
        var deploy = new Option<bool>("--deploy") { Description = "Compile in the gateway, and deploy, the endpoints that the bundle has as sources and without a handler of their name" };
        var force = new Option<bool>("--force") { Description = "Apply it although callers may be let down, a version is quarantined, or a service in use goes away" };
        var runtime = new Option<string?>("--runtime", "-r") { Description = $"The platform that projects are published for (default: this one, {ProductVersion.Runtime})", HelpName = "RID" };
        var configuration = new Option<string>("--configuration", "-c") { Description = "The configuration that projects are published in", HelpName = "NAME", DefaultValueFactory = _ => "Release" };
        var command = new Command("apply", "Make the gateway serve what a bundle says: all of it at once, or nothing") { file, dryRun, prune, deploy, force, runtime, configuration };
        GatewayOptions gateway = null!;
        gateway = new GatewayOptions(command, host, async (parse, client, cancel) =>
        {
            var work = Directory.CreateTempSubdirectory("edgegw-apply-").FullName;
            try
            {
                var archive = Path.Combine(work, "bundle.zip");
                await BundleArchive.PackAsync(parse.GetValue(file)!, archive, work, parse.GetValue(runtime) ?? ProductVersion.Runtime, parse.GetValue(configuration)!, host, cancel);
                var onlyLook = parse.GetValue(dryRun);
                var query = new ApplyQuery(parse.GetValue(prune), parse.GetValue(force), parse.GetValue(deploy));
                var plan = await SendAsync(archive, true);
                if (!gateway.Json(parse))
                    PlanText.Write(plan.Value.Diff, host);
                if (onlyLook || plan.Value.Refusals.Count > 0)
                    return Looked(plan, gateway.Json(parse));
                var applied = await SendAsync(archive, false);
                if (gateway.Json(parse))
                    gateway.WriteJson(applied.Json);
                else
                    host.Out.WriteLine(string.Create(CultureInfo.InvariantCulture,
                        $"{host.Paint.Good("✓")} {Printable.Escape(applied.Value.Changed ? "applied" : applied.Value.Reason)} (epoch {applied.Value.Epoch}, {Human.Time(applied.Value.ElapsedMs)})"));
                return ExitCode.Done;

                Task<AdminReply<PlanReply>> SendAsync(string path, bool look) => UploadAsync(path, look, query, client, host, cancel);
            }
            finally
            {
                Directory.Delete(work, recursive: true);
            }

            int Looked(AdminReply<PlanReply> plan, bool json)
            {
                if (json)
                    gateway.WriteJson(plan.Json);
                if (plan.Value.Refusals.Count > 0)
                    throw new CliException(ExitCode.Failed, "this lets somebody down, so nothing was changed; --force applies it all the same", [.. plan.Value.Refusals.Select(Printable.Escape)]);
                if (!json)
                    host.Out.WriteLine($"{host.Paint.Good("✓")} nothing was changed");
                return ExitCode.Done;
            }
        });
        return command;
    }

    private static async Task<AdminReply<PlanReply>> UploadAsync(string path, bool dryRun, ApplyQuery query, AdminClient client, CliHost host, CancellationToken cancel)
    {
        using var progress = new FileInfo(path).Length >= LargeUploadBytes ? new Progress(host, dryRun ? "trying the bundle out" : "applying the bundle") : null;
        return await Upload.SendAsync(path, content => client.ApplyAsync(content, query, dryRun, cancel), Report, isRepeatable: true, host, cancel);

        void Report(long sent, long total) => progress?.Report(sent < total ? string.Create(CultureInfo.InvariantCulture, $"{Human.Bytes(sent)} of {Human.Bytes(total)}") : "");
    }
}
