using System.CommandLine;
using System.Text.Json.Serialization.Metadata;
using EdgeGw.Cli.Admin;
using EdgeGw.Cli.Output;

namespace EdgeGw.Cli.Identity;

/// <summary>The commands that users, keys and secrets have in common: what is listed under a name and removed by it.</summary>
internal static class NameCommands
{
    /// <summary>Makes <c>list</c>: every page of a list of the Admin API as one table, or page by page as JSON.</summary>
    public static Command List<T>(CliHost host, string list, string description, JsonTypeInfo<PageReply<T>> type, string[] headings, Func<T, Table.Cell[]> row)
    {
        var command = new Command("list", description);
        GatewayOptions gateway = null!;
        gateway = new GatewayOptions(command, host, async (parse, client, cancel) =>
        {
            var table = new Table(headings);
            for (string? after = null; ;)
            {
                var page = await client.GetPageAsync(list, after, type, cancel);
                if (gateway.Json(parse))
                    gateway.WriteJson(page.Json);
                foreach (var item in page.Value.Items)
                    table.Add(row(item));
                if ((after = page.Value.Next) is null)
                    break;
            }
            if (!gateway.Json(parse))
                table.Write(host.Out, host.Paint);
            return ExitCode.Done;
        });
        return command;
    }

    /// <summary>Makes <c>remove</c>.</summary>
    /// <param name="host">The process.</param>
    /// <param name="description">What it does.</param>
    /// <param name="name">What is removed.</param>
    /// <param name="remove">Removes it.</param>
    /// <param name="removed">What is said then, of its name.</param>
    /// <param name="options">More options.</param>
    public static Command Remove(CliHost host, string description, Argument<string> name, Func<ParseResult, AdminClient, CancellationToken, Task> remove, Func<string, string> removed, params Option[] options)
    {
        var command = new Command("remove", description) { name };
        foreach (var option in options)
            command.Add(option);
        _ = new GatewayOptions(command, host, async (parse, client, cancel) =>
        {
            await remove(parse, client, cancel);
            if (!GatewayOptions.IsJson(parse))
                host.Out.WriteLine($"{host.Paint.Good("✓")} {removed(Printable.Escape(parse.GetValue(name)))}");
            return ExitCode.Done;
        });
        return command;
    }
}
