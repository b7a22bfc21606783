using Microsoft.Playwright;

namespace AdaQat.Tests.Support;

/// <summary>This machine's Chromium, where it has one.</summary>
internal static class Chromium
{
    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

    /// <summary>The browser's path; null where there is none.</summary>
    public static string? Path { get; } = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(System.IO.Path.PathSeparator)
        .SelectMany(folder => Names.Select(name => System.IO.Path.Combine(folder, name))).FirstOrDefault(File.Exists);

    /// <summary>Opens a page that is a file in a browser without a network, and refuses whatever its scripts complain of.</summary>
    public static async Task Open(string file, BrowserNewContextOptions options, Func<IPage, Task> test)
    {
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await playwright.Chromium.LaunchAsync(
            new() { ExecutablePath = Path, Args = ["--no-sandbox"], Timeout = 0 });
        options.Offline = true;
        await using var context = await browser.NewContextAsync(options);
        // A busy machine takes its time; a test that hangs is ended by the runner.
        context.SetDefaultTimeout(0);
        var page = await context.NewPageAsync();
        var complaints = new List<string>();
        page.PageError += (_, error) => complaints.Add(error);
        page.Console += (_, message) => complaints.AddRange(message.Type == "error" ? [message.Text] : []);
        await page.GotoAsync(new Uri(file).AbsoluteUri);
        await test(page);
        complaints.Should().BeEmpty();
    }
}
