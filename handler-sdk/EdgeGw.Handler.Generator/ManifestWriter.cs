using System.Globalization;
using System.Text;

namespace EdgeGw.Generator;

/// <summary>The manifest (docs/manifest.md) as JSON. Compilers load no JSON library beside a generator, hence by hand.</summary>
internal static class ManifestWriter
{
    public static string Write(ProjectModel project, IReadOnlyList<RouteModel> routes, IReadOnlyList<string> services)
    {
        var json = new StringBuilder();
        json.Append("{\"name\":").Append(Quote(project.Name))
            .Append(",\"version\":").Append(Quote(project.Version))
            .Append(",\"sdk\":").Append(Quote(project.Sdk))
            .Append(",\"routes\":[");
        for (var i = 0; i < routes.Count; i++)
        {
            var route = routes[i];
            json.Append(i == 0 ? "" : ",")
                .Append("{\"method\":").Append(Quote(route.Method))
                .Append(",\"pattern\":").Append(Quote(route.Pattern))
                .Append(",\"host\":").Append(Quote(route.Host))
                .Append(",\"name\":").Append(Quote(route.Name));
            Number(json, "deadlineMs", route.DeadlineMs);
            Number(json, "maxBodyBytes", route.MaxBodyBytes);
            Number(json, "concurrency", route.Concurrency);
            json.Append('}');
        }
        return json.Append("],\"services\":[").Append(string.Join(",", services.Select(Quote))).Append("]}").ToString();
    }

    private static void Number(StringBuilder json, string name, long? value)
    {
        if (value is { } number)
            json.Append(",\"").Append(name).Append("\":").Append(number.ToString(CultureInfo.InvariantCulture));
    }

    private static string Quote(string text)
    {
        var json = new StringBuilder("\"");
        foreach (var c in text)
        {
            if (c is '"' or '\\')
                json.Append('\\').Append(c);
            else if (c < ' ' || char.IsSurrogate(c))
                json.Append("\\u").Append(((int)c).ToString("x4", CultureInfo.InvariantCulture));
            else
                json.Append(c);
        }
        return json.Append('"').ToString();
    }
}
