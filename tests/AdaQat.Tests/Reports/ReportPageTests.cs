using AdaQat.Quantizers;
using AdaQat.Reports;
using Microsoft.Playwright;

namespace AdaQat.Tests.Reports;

/// <summary>A page of several parts in a browser: what is drawn, and what a click does.</summary>
public sealed class ReportPageTests : IDisposable
{
    private static readonly BrowserNewContextOptions Phone = new() { ViewportSize = new() { Width = 360, Height = 740 } };

    private readonly TemporaryFolder _folder = new();

    private string PagePath => _folder.In("report.html");

    [Fact]
    public void A_page_needs_a_title_and_parts_and_has_one_of_each()
    {
        var page = new ReportPage("Net");

        page.Invoking(p => p.Write(PagePath)).Should().Throw<InvalidOperationException>().WithMessage("Nothing was added*");
        page.Add(Evaluation()).Invoking(p => p.Add(Evaluation())).Should().Throw<ArgumentException>()
            .WithMessage("*its evaluation already*");
        FluentActions.Invoking(() => new ReportPage(" ")).Should().Throw<ArgumentException>();
        _folder.FileNames().Should().BeEmpty();
    }

    [Fact]
    public void A_whole_page_is_one_file_under_two_megabytes_that_loads_nothing()
    {
        Whole().Write(PagePath);

        var text = File.ReadAllText(PagePath);
        text.Length.Should().BeLessThan(2_000_000);
        text.Replace("http://www.w3.org/2000/svg", "", StringComparison.Ordinal).Should().NotContain("http://").And.NotContain("https://")
            .And.NotContain("src=").And.NotContain("<link").And.NotContain("@import").And.NotContain("url(");
    }

    [ChromiumFact]
    public Task Float_and_quantized_are_side_by_side_with_a_bar_for_each_size_and_cost() => Open(new(), async page =>
    {
        (await page.Locator("#shares .share").CountAsync()).Should().Be(3, "weights, BitOPs and the cost; MACs never change");
        (await page.GetByText("70.50 %").CountAsync()).Should().BeGreaterThan(0);
        (await page.GetByText("−2.00 points").CountAsync()).Should().BeGreaterThan(0);
        (await page.Locator("#times polyline").CountAsync()).Should().Be(2);

        await page.Locator("#shares .reach[data-name=weights]").ClickAsync();

        (await page.Locator("#figures tr.chosen td").First.TextContentAsync()).Should().Be("weights");
        (await page.Locator("#shares .share.chosen").GetAttributeAsync("data-name")).Should().Be("weights");
        // An eighth of the float network's width.
        var ratio = await page.EvaluateAsync<double>(
            "(w => w('.share[data-name=weights]') / w('.track'))(s => document.querySelector('#shares ' + s).getAttribute('width'))");
        ratio.Should().BeApproximately(0.125, 1e-3);
    });

    [ChromiumFact]
    public Task A_plan_has_a_column_a_width_as_tall_as_its_bits_and_tells_of_the_one_that_is_chosen() => Open(new(), async page =>
    {
        (await page.Locator(".columns .bits").CountAsync()).Should().Be(4);
        var height = await page.EvaluateAsync<double>(
            "(h => h('8') / h('2'))(b => document.querySelector(`.columns .bits[data-bits='${b}']`).getAttribute('height'))");
        height.Should().BeApproximately(4, 1e-6);

        await page.Locator(".columns .reach[data-name='conv2.weight']").ClickAsync();

        (await page.Locator(".told").TextContentAsync()).Should().Be("conv2, weights: 2 bits, expected to lose 0.25");
        (await page.Locator(".columns .bits.chosen").GetAttributeAsync("data-name")).Should().Be("conv2.weight");
    });

    [ChromiumFact]
    public async Task The_bits_in_force_have_a_column_for_each_layers_weight_and_input_with_its_name_below()
    {
        using var model = Networks.Convolutional();
        var (input, _) = Networks.Images(4);
        using var quantized = QuantizedModel.Attach(model, input, new QuantizationOptions
        {
            WeightBits = BitWidthChoice.Fixed(3),
            ActivationBits = BitWidthChoice.Fixed(5),
        });
        new ReportPage("Net").Add(quantized).Add(Plan()).Write(PagePath);

        await Chromium.Open(PagePath, new(), async page =>
        {
            (await page.Locator(".columns >> nth=0").Locator(".bits").EvaluateAllAsync<string[]>(
                "all => all.map(b => `${b.dataset.name} ${b.dataset.target} ${b.dataset.bits}`)")).Should().Equal(
                "conv1 weights 8", "conv2 weights 3", "fc weights 8", "conv1 inputs 8", "conv2 inputs 5", "fc inputs 8");
            (await page.Locator(".columns >> nth=0").GetByText("conv2").CountAsync()).Should().Be(1);

            await page.Locator(".columns >> nth=0").Locator(".reach[data-name=conv2][data-target=inputs]").ClickAsync();

            (await page.Locator(".told >> nth=0").TextContentAsync()).Should().StartWith("conv2, inputs: 5 bits, fixed; ");
            (await page.Locator(".told >> nth=1").TextContentAsync()).Should().StartWith("A column is a width");
        });
    }

    [ChromiumFact]
    public Task On_a_phone_and_in_the_dark_all_parts_are_there_and_none_is_wider_than_the_screen() => Open(
        new(Phone) { ColorScheme = ColorScheme.Dark }, async page =>
        {
            (await page.EvaluateAsync<int>("document.documentElement.scrollWidth")).Should().BeLessThanOrEqualTo(360);
            (await page.Locator("h2").AllTextContentsAsync()).Should()
                .ContainInOrder("Float and quantized", "What is left", "In the long run",
                    "The plan: bits under the budget", "Sensitivity of the layers");
        });

    public void Dispose() => _folder.Dispose();

    private static ReportPage Whole() =>
        new ReportPage("Net at 2 bits").Add(Evaluation()).Add(Plan()).Add(SensitivityReports.Of(12));

    private static EvaluationReport Evaluation() => new(
        Figures("float32", new AdaQat.Training.Evaluation(0.5, 0.725, 100), 4000, 1024, 8, 4),
        Figures("quantized", new AdaQat.Training.Evaluation(0.6, 0.705, 100), 500, 4, 1, 5));

    private static NetworkFigures Figures(
        string name, AdaQat.Training.Evaluation quality, double bytes, double bitsSquared, double energy, int milliseconds) => new(
        name, quality, bytes, 9000, 9000 * bitsSquared, null, [new CostSummary("energy", "µJ", energy, new Dictionary<string, double>())],
        Times(milliseconds));

    private static InferenceTiming Times(int milliseconds)
    {
        var times = Enumerable.Range(milliseconds, 3)
            .Select(first => new[] { first, milliseconds + 9 }.Select(t => TimeSpan.FromMilliseconds(t)))
            .Select(all => TimedInferences.Of([.. all], TimeSpan.FromMilliseconds(33))).ToList();
        return new InferenceTiming(times[0], times);
    }

    private static PrecisionPlan Plan() => new()
    {
        CostName = "BitOPs",
        Unit = "",
        Budget = 1e6,
        Cost = 9.9e5,
        Measure = SensitivityMeasure.LossChange,
        Loss = 0.4,
        LossBound = 0.4,
        IsExact = true,
        IsMet = true,
        Reason = null,
        Widths =
        [
            new("conv1.weight", QuantizerTarget.Weight, ["conv1"], 8, 0.01),
            new("conv2.weight", QuantizerTarget.Weight, ["conv2"], 2, 0.25),
            new("conv1.input", QuantizerTarget.Activation, ["conv1"], 4, 0.1),
            new("conv2.input", QuantizerTarget.Activation, ["conv2"], 4, 0.04),
        ],
    };

    private Task Open(BrowserNewContextOptions options, Func<IPage, Task> test)
    {
        Whole().Write(PagePath);
        return Chromium.Open(PagePath, options, test);
    }
}
