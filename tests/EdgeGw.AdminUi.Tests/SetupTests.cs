namespace EdgeGw.AdminUi.Tests;

/// <summary>From an empty state directory to a page that knows who one is.</summary>
public sealed class SetupTests : OneGateway
{
    protected override bool HasUser => false;

    [Test, Order(1)]
    public async Task The_first_visit_makes_the_first_user_with_the_token_of_the_console()
    {
        var page = await VisitAsync("/");
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Welcome" })).ToBeVisibleAsync();
        await page.GetByLabel("Setup token").FillAsync("wrong");
        await page.GetByLabel("User").FillAsync(User);
        await page.GetByLabel("Password").FillAsync(Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Create the first user" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("token");

        await page.GetByLabel("Setup token").FillAsync(await SetupTokenAsync());
        await page.GetByRole(AriaRole.Button, new() { Name = "Create the first user" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Dashboard" })).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByText("Nothing is served yet")).ToBeVisibleAsync();
    }

    [Test, Order(2)]
    public async Task A_wrong_password_is_a_sentence_and_the_right_one_opens_the_page_that_was_asked_for()
    {
        var page = await VisitAsync("/services");
        await LogInAsync(page, "not the password");
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToBeVisibleAsync();
        await LogInAsync(page);
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Services" })).ToBeVisibleAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "Log out" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Log in" })).ToBeVisibleAsync();
        await page.ReloadAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Log in" })).ToBeVisibleAsync();
    }

    [Test, Order(3)]
    public async Task A_session_that_has_ended_asks_for_the_password_over_the_page_and_keeps_what_is_on_it()
    {
        var page = await VisitAsync("/services");
        await LogInAsync(page);
        await page.GetByRole(AriaRole.Button, new() { Name = "Add a service" }).ClickAsync();
        await page.GetByLabel("Name").FillAsync("pets");
        await page.Context.ClearCookiesAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Test", Exact = true }).Last.ClickAsync();
        var again = page.GetByRole(AriaRole.Dialog, new() { Name = "Your session has ended" });
        await again.GetByLabel("Password").FillAsync(Password);
        await again.GetByRole(AriaRole.Button, new() { Name = "Log in" }).ClickAsync();
        await Assertions.Expect(again).ToHaveCountAsync(0);
        await Assertions.Expect(page.GetByLabel("Name")).ToHaveValueAsync("pets");
        await page.GetByRole(AriaRole.Button, new() { Name = "Test", Exact = true }).Last.ClickAsync();
        await Assertions.Expect(page.GetByText("It answered in")).ToBeVisibleAsync();
    }

    [Test, Order(4)]
    public async Task Who_is_logged_in_changes_the_own_password_and_logs_in_with_the_new_one()
    {
        var page = await VisitAsync("/routes");
        await LogInAsync(page);
        await page.GetByRole(AriaRole.Button, new() { Name = "Password" }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog, new() { Name = "Change your password" });
        var (old, next) = (dialog.GetByLabel("The one you have"), dialog.GetByLabel("The new one"));
        await old.FillAsync("not the password");
        await next.FillAsync("another horse, another battery");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(dialog.GetByRole(AriaRole.Alert)).ToContainTextAsync("The old password is wrong.");
        await old.FillAsync(Password);
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.GetByText("Your password is changed")).ToBeVisibleAsync();
        await Assertions.Expect(dialog).ToHaveCountAsync(0);

        await page.GetByRole(AriaRole.Button, new() { Name = "Log out" }).ClickAsync();
        await LogInAsync(page, "another horse, another battery");
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Routes" })).ToBeVisibleAsync();
    }
}
