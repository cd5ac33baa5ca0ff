namespace EdgeGw;

/// <summary>
/// Names a service in the library's manifest, so that it is not deployed without it. Not needed for names that are constants where they are used:
/// <c>context.Database("main")</c> says enough. <c>[assembly: UsesService("database", "archive")]</c>
/// </summary>
/// <param name="kind"><c>database</c>, <c>cache</c>, <c>storage</c> or <c>http</c>.</param>
/// <param name="name">What this library calls it.</param>
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
public sealed class UsesServiceAttribute(string kind, string name) : Attribute
{
    /// <summary>The kind.</summary>
    public string Kind { get; } = kind;

    /// <summary>The name.</summary>
    public string Name { get; } = name;
}
