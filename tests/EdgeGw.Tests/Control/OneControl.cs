namespace EdgeGw.Tests.Control;

/// <summary>Tests that share one running control, whose Admin API listens over TCP too.</summary>
public abstract class OneControl
{
    private RunningControl? _control;

    internal RunningControl Control => _control!;

    [OneTimeSetUp]
    public async Task StartControl() => _control = await RunningControl.StartAsync(settings => settings.Admin = "http://127.0.0.1:0");

    [OneTimeTearDown]
    public async Task StopControl()
    {
        if (_control is not null)
        {
            await _control.DisposeAsync();
        }
    }
}
