namespace EdgeGw.Tests;

public static class Hooks
{
    [HandlerStartup]
    public static void Start(HandlerEnvironment environment)
    {
        environment.Log.Info($"started {environment.Config["color"]}");
        if (environment.Config["refuse"] is { } reason)
            throw new InvalidOperationException(reason);
    }

    [HandlerSelfTest]
    public static void Check(HandlerEnvironment environment) => environment.Config.Require("color");
}
