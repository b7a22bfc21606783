using AdaQat.Reports;
using Microsoft.Playwright;

namespace AdaQat.Tests.Reports;

/// <summary>The page in a browser: what is drawn, and what a click and a tap do.</summary>
public sealed class SensitivityPageTests : IDisposable
{
    private const int Layers = 12;
    private readonly TemporaryFolder _folder = new();

    private string PagePath => _folder.In("sensitivity.html");

    /// <summary>Sixty layers, as MobileNetV2 has about.</summary>
    [Fact]
    public void The_page_is_one_file_under_two_megabytes_that_loads_nothing()
    {
        SensitivityPage.Write(SensitivityReports.Of(60), PagePath);

        var text = File.ReadAllText(PagePath);
        new FileInfo(PagePath).Length.Should().BeLessThan(2_000_000);
        text.Replace("http://www.w3.org/2000/svg", "", StringComparison.Ordinal).Should().NotContain("http://").And.NotContain("https://")
            .And.NotContain("src=").And.NotContain("<link").And.NotContain("@import").And.NotContain("url(");
        _folder.FileNames().Should().Equal("sensitivity.html");
        text.Split("</script>").Should().HaveCount(3, "a name must not end the script that it is in");
        text.Should().Contain("<title>Sensitivity of A &lt;network&gt; &amp; more</title>");
    }

    [Fact]
    public void A_report_without_rows_is_refused()
    {
        FluentActions.Invoking(() => SensitivityPage.Write(SensitivityReports.Of(3) with { Rows = [] }, PagePath))
            .Should().Throw<ArgumentException>().WithMessage("The report has no rows*");
    }

    [ChromiumFact]
    public Task The_plots_are_there_and_begin_with_the_layer_that_loses_most() => InBrowser(new(), async page =>
    {
        (await page.Locator("#heat td button").CountAsync()).Should().Be(Layers * 5);
        (await page.Locator("#curves .curve").CountAsync()).Should().Be(Layers);
        (await page.Locator(".histogram[data-target=weights] .column").CountAsync()).Should().BeGreaterThan(50);
        (await page.Locator(".histogram[data-target=weights] .level").CountAsync()).Should().Be(4);
        (await page.Locator("#rows tbody tr").CountAsync()).Should().Be(Layers * 5 * 2);
        (await page.Locator("#curves .curve.chosen").GetAttributeAsync("data-layer")).Should().Be(SensitivityReports.Fragile);
        var pressed = page.Locator("#heat button[aria-pressed=true]");
        (await pressed.GetAttributeAsync("data-bits")).Should().Be("2");
        // The fragile layer's cell at two bits is the darkest of all.
        var darkest = await page.EvaluateAsync<string>(
            "[...document.querySelectorAll('#heat td button')].map(b => [b.dataset.layer, b.style.backgroundColor.match(/\\d+/g)"
            + ".reduce((sum, part) => sum + Number(part), 0)]).sort((a, b) => a[1] - b[1])[0][0]");
        darkest.Should().Be(SensitivityReports.Fragile);
    });

    [ChromiumFact]
    public Task A_click_on_a_cell_shows_its_layer_in_every_plot() => InBrowser(new(), async page =>
    {
        await page.Locator("#heat button[data-layer='block4.conv'][data-bits='4']").ClickAsync();

        (await page.Locator("#curves .curve.chosen").GetAttributeAsync("data-layer")).Should().Be("block4.conv");
        (await page.Locator(".histogram[data-target=weights] .level").CountAsync()).Should().Be(16);
        (await page.GetByText("Weights of block4.conv").CountAsync()).Should().Be(1);
        (await page.Locator("#rows tr.chosen td").First.TextContentAsync()).Should().Be("block4.conv");

        await page.GetByRole(AriaRole.Button, new() { Name = "Activations" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Output SQNR" }).ClickAsync();

        (await page.Locator("#heat button[data-layer='block4.conv'][data-bits='8']").TextContentAsync()).Should().Be("∞");
        (await page.Locator("#curves svg").GetAttributeAsync("aria-label")).Should().Be("outputSqnr of activations by bits");
    });

    [ChromiumFact]
    public Task The_table_is_sorted_by_the_heading_that_is_clicked_and_filtered_by_a_name() => InBrowser(new(), async page =>
    {
        var first = page.Locator("#rows tbody tr").First.Locator("td");
        (await first.First.TextContentAsync()).Should().Be(SensitivityReports.Fragile);

        await page.Locator("#rows th[data-key=layer]").ClickAsync();
        (await first.First.TextContentAsync()).Should().Be("block0.conv");
        await page.Locator("#rows th[data-key=layer]").ClickAsync();
        (await first.First.TextContentAsync()).Should().Be("block11.conv");
        (await page.Locator("#rows th[data-key=layer]").GetAttributeAsync("aria-sort")).Should().Be("descending");

        await page.GetByPlaceholder("Layer").FillAsync("BLOCK7");
        (await page.Locator("#rows tbody tr").CountAsync()).Should().Be(10);
    });

    [ChromiumFact]
    public Task It_is_dark_where_the_system_is_and_where_it_is_asked_to_be() => InBrowser(
        new() { ColorScheme = ColorScheme.Dark }, async page =>
        {
            var dark = await Background(page);
            await page.Locator("#theme").ClickAsync();
            var light = await Background(page);

            (dark, light).Should().Be(("rgb(14, 19, 26)", "rgb(244, 246, 249)"));
            (await page.Locator("#theme").TextContentAsync()).Should().Be("Dark");

            static Task<string> Background(IPage page) => page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor");
        });

    [ChromiumFact]
    public Task On_a_phone_nothing_is_wider_than_the_screen_and_a_tap_chooses() => InBrowser(
        new() { ViewportSize = new() { Width = 360, Height = 740 }, HasTouch = true, IsMobile = true }, async page =>
        {
            (await page.EvaluateAsync<int>("document.documentElement.scrollWidth")).Should().BeLessThanOrEqualTo(360);

            await page.Locator("#heat button[data-layer='block5.conv'][data-bits='3']").TapAsync();

            (await page.Locator("#curves .curve.chosen").GetAttributeAsync("data-layer")).Should().Be("block5.conv");
        });

    public void Dispose() => _folder.Dispose();

    private Task InBrowser(BrowserNewContextOptions options, Func<IPage, Task> test)
    {
        SensitivityPage.Write(SensitivityReports.Of(Layers), PagePath);
        return Chromium.Open(PagePath, options, test);
    }
}
