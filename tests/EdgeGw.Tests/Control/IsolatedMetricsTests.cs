using EdgeGw.Control.Isolation;

namespace EdgeGw.Tests.Control;

/// <summary>Figures of several workers as one page.</summary>
public sealed class IsolatedMetricsTests
{
    [Test]
    public void Lines_of_one_name_stand_together_and_say_whose_they_are()
    {
        const string shared = "# HELP edgegw_handler_x X.\n# TYPE edgegw_handler_x gauge\nedgegw_handler_x{handler=\"a\"} 1\n# TYPE edgegw_other gauge\nedgegw_other 2\n";
        const string isolated = "# TYPE edgegw_handler_x gauge\nedgegw_handler_x{handler=\"b\",version=\"{1}\"} 3\nedgegw_other 4\n";
        Assert.That(IsolatedMetrics.Merge(shared, [(7, isolated)]), Is.EqualTo(
            "# HELP edgegw_handler_x X.\n# TYPE edgegw_handler_x gauge\nedgegw_handler_x{pid=\"7\",handler=\"b\",version=\"{1}\"} 3\nedgegw_handler_x{handler=\"a\"} 1\n# TYPE edgegw_other gauge\nedgegw_other 2\n"));
    }
}
