using System.Globalization;
using System.Text;

namespace EdgeGw.Generator;

/// <summary>The manifest (docs/manifest.md) as JSON. Compilers load no JSON library beside a generator, hence by hand.</summary>
internal static class ManifestWriter
{
    public static string Write(ProjectModel project, IReadOnlyList<RouteModel> routes, IReadOnlyList<string> services, IReadOnlyList<SelfTestModel> tests)
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
        json.Append("],\"services\":[").Append(string.Join(",", services.Select(Quote))).Append(']');
        if (tests.Count > 0)
            json.Append(",\"selfTest\":[").Append(string.Join(",", tests.Select(SelfTest))).Append(']');
        return json.Append('}').ToString();
    }

    private static string SelfTest(SelfTestModel test)
    {
        var json = new StringBuilder();
        json.Append("{\"method\":").Append(Quote(test.Method)).Append(",\"path\":").Append(Quote(test.Path));
        var headers = new List<string>();
        if (test.Host != "*")
            headers.Add($"\"Host\":{Quote(test.Host.StartsWith("*.", StringComparison.Ordinal) ? "self-test" + test.Host.Substring(1) : test.Host)}");
        if (test.ContentType is { } type)
            headers.Add($"\"Content-Type\":{Quote(type)}");
        if (headers.Count > 0)
            json.Append(",\"headers\":{").Append(string.Join(",", headers)).Append('}');
        if (test.Body is { } body)
            json.Append(",\"body\":").Append(Quote(body));
        Number(json, "status", test.Status);
        if (test.Contains is { } text)
            json.Append(",\"contains\":").Append(Quote(text));
        return json.Append('}').ToString();
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
