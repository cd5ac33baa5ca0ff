using EdgeGw.Cli.Admin;
using EdgeGw.Cli.Following;
using EdgeGw.Cli.Output;
using EdgeGw.Cli.Publish;

namespace EdgeGw.Cli.Dev;

/// <summary>Save, build, live, again and again: always the newest state of the sources, and never one that does not build or that the gateway refuses.</summary>
internal sealed class DevSession(IHandlerBuild build, AdminClient client, DeployQuery deploy, DevConsole console, CliHost host)
{
    private readonly TaskCompletionSource _following = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private DeployQuery _deploy = deploy;
    private bool _isLive;

    /// <summary>Runs until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        SourceTree? built = null;
        var saved = host.Time.GetTimestamp();
        while (true)
        {
            // Which folders it is made of is looked up again after each change of a project.
            using var watch = new SourceWatch(build.Sources, host.Time);
            IReadOnlyList<string>? changed;
            do
            {
                var now = watch.Read();
                changed = built is null ? null : now.ChangedSince(built);
                if (changed is [var first, ..])
                    console.Say(host.Paint.Dim(Printable.Escape($"{Path.GetRelativePath(build.Folder, first)}{(changed.Count > 1 ? $" and {changed.Count - 1} more" : "")} changed; building")));
                var started = host.Time.GetTimestamp();
                var result = await build.RunAsync(changed, cancel);
                // What was saved meanwhile is built next: nobody wants to see what came of the state before.
                if (watch.Read().ChangedSince(now).Count == 0)
                    await ShowAsync(result, saved, host.Time.GetElapsedTime(started), cancel);
                built = now;
                saved = await watch.ChangeAsync(now, cancel);
            }
            while (changed is null || !changed.Any(file => file.EndsWith("proj", StringComparison.Ordinal)));
        }
    }

    /// <summary>Shows requests, what the handler logs and what kills it, until cancelled. On a gateway of its own requests without a route are shown too.</summary>
    public async Task FollowAsync(bool isOwn, CancellationToken cancel)
    {
        string? lastSeen = null;
        await foreach (var happened in Reconnecting.FollowAsync(opened => client.GetEventsAsync("?log=true&requests=true", lastSeen, opened, cancel), host, TimeSpan.MaxValue, cancel))
        {
            lastSeen = happened.Id ?? lastSeen;
            _following.TrySetResult();
            console.Event(happened, source => isOwn ? source is not ("control" or "worker" or "gateway") : source == _deploy.Name);
        }
    }

    private async Task ShowAsync(HandlerBuildResult result, long saved, TimeSpan building, CancellationToken cancel)
    {
        var messages = CompilerMessages.Format(result.Messages, build.Folder, host.Paint);
        if (result.Library is null)
        {
            console.Failed(messages, result.Failure! + (_isLive ? "; the version before serves on" : ""));
            return;
        }
        foreach (var line in messages)
            console.Say(line);
        // So that the first request to what is live is shown too.
        await _following.Task.WaitAsync(cancel);
        try
        {
            var (change, sha256) = await LibraryDeploy.RunAsync(result.Library, _deploy, client, host, cancel);
            await LiveAsync(change.Value, sha256, saved, building, cancel);
        }
        catch (CliException e)
        {
            console.Failed(e.Reasons.Select(reason => "- " + reason), e.Message + (_isLive ? "; the version before serves on" : ""));
        }
    }

    private async Task LiveAsync(ChangeReply change, string sha256, long saved, TimeSpan building, CancellationToken cancel)
    {
        var handler = change.Handlers.FirstOrDefault(handler => handler.Sha256 == sha256 && (_deploy.Name is null || handler.Name == _deploy.Name));
        // One that is given another name in the source is still this session's handler.
        _deploy = _deploy with { Name = _deploy.Name ?? handler?.Name };
        var took = $"{Human.Time(host.Time.GetElapsedTime(saved).TotalMilliseconds)} (build {Human.Time(building.TotalMilliseconds)}, deploy {Human.Time(change.ElapsedMs)})";
        var what = host.Paint.Bold(Printable.Escape(handler is null ? change.Reason : $"{handler.Name} {handler.Version}"));
        console.Say(change.Changed ? $"{host.Paint.Good("✓")} {what} is live after {took}" : $"{host.Paint.Good("✓")} {what} is what was live before");
        if (!_isLive || change.Contract.Count > 0)
            await RoutesAsync(handler?.Name, cancel);
        _isLive = true;
    }

    private async Task RoutesAsync(string? handler, CancellationToken cancel)
    {
        try
        {
            var routes = (await client.GetRoutesAsync(cancel)).Value.Routes.Where(route => route.Handler == handler).ToList();
            var listen = (await client.GetStatusAsync(cancel)).Value.Listen;
            console.Say(() => ChangeText.WriteRoutes(routes, listen, host));
        }
        catch (CliException)
        {
            // It is live; only the URLs to try are missing.
        }
    }
}
