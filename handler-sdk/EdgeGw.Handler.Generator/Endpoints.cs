namespace EdgeGw.Generator;

/// <summary>[Handler] without a method and a path: the project gives them.</summary>
internal static class Endpoints
{
    /// <summary>The routes of a method, each with its path, or none when one of them cannot work.</summary>
    public static IReadOnlyList<RouteModel> Fill(MethodModel method, ProjectModel project, List<DiagnosticModel> problems)
    {
        var before = problems.Count;
        problems.AddRange(method.Diagnostics);
        var routes = method.Routes.Select(route => route.Method.Length > 0 ? route : Fill(route, project, problems)).OfType<RouteModel>().ToList();
        return problems.Count == before ? routes : [];
    }

    private static RouteModel? Fill(RouteModel route, ProjectModel project, List<DiagnosticModel> problems)
    {
        if (project.Method.Length == 0 || project.Path.Length == 0)
        {
            problems.Add(Parser.Problem(Diagnostics.NoEndpoint, route.Location, route.Name));
            return null;
        }
        return Parser.ParsePath(project.Method, project.Path, route.Location, problems.Add) is { } parsed ? Parser.WithPath(route, project.Method, project.Path, parsed) : null;
    }
}
