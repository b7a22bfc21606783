using AdaQat.Quantizers;
using AdaQat.Summaries;
using static TorchSharp.torch;

namespace AdaQat.Tests.Summaries;

public sealed class ModelSummaryTests
{
    private static readonly QuantizationOptions Options =
        new() { WeightBits = BitWidthChoice.Learned(4.5), ActivationBits = BitWidthChoice.Fixed(6) };

    [Fact]
    public void A_row_has_shape_widths_costs_and_size_of_its_layer()
    {
        using var model = Networks.Convolutional();
        using var example = randn(1, 3, 8, 8);
        using var quantized = QuantizedModel.Attach(model, example, Options);

        var summary = quantized.Summary();

        summary.Layers.Should().Equal(
            new LayerSummary("conv1", "Conv2d", "6x3x3x3", 8, 8, "fixed/fixed", "first layer", 10368, 10368 * 64, 162, "tanh so far"),
            new LayerSummary("conv2", "Conv2d", "8x6x3x3", 5, 6, "learning/fixed", null, 6912, 6912 * 30, 270, "tanh so far"),
            new LayerSummary("fc", "Linear", "10x128", 8, 8, "fixed/fixed", "last layer", 1280, 1280 * 64, 1280, "tanh so far"));
        summary.Macs.Should().Be(10368 + 6912 + 1280);
        summary.BitOps.Should().Be((10368 * 64) + (6912 * 30) + (1280 * 64));
        summary.WeightBytes.Should().Be(162 + 270 + 1280);
        summary.FloatWeightBytes.Should().Be(4 * (162 + 432 + 1280));
        summary.WeightCompression.Should().Be(4 * 1874.0 / 1712);
    }

    [Fact]
    public void The_text_is_a_table_with_aligned_columns()
    {
        using var model = Networks.Convolutional();
        using var example = randn(1, 3, 8, 8);
        using var quantized = QuantizedModel.Attach(model, example, Options);

        var lines = quantized.Summary().ToString().ReplaceLineEndings("\n").Split('\n');

        lines.Should().Equal(
            "layer  kind    weight shape  W  A  widths (W/A)    weights      rule           MACs   BitOPs     size",
            "-----------------------------------------------------------------------------------------------------",
            "conv1  Conv2d  6x3x3x3       8  8  fixed/fixed     tanh so far  first layer  10.4 k  663.6 k  162   B",
            "conv2  Conv2d  8x6x3x3       5  6  learning/fixed  tanh so far                6.9 k  207.4 k  270   B",
            "fc     Linear  10x128        8  8  fixed/fixed     tanh so far  last layer    1.3 k   81.9 k  1.3 KiB",
            "-----------------------------------------------------------------------------------------------------",
            "total                                                                        18.6 k  952.8 k  1.7 KiB",
            "weights 4.38x smaller than float32 (7.3 KiB)",
            "activations 960   B at most at once, in 'conv1.activation_quantizer' (2.3 KiB as float32)");
    }

    [Fact]
    public void Sums_whose_operands_are_quantized_have_a_line_behind_the_table()
    {
        using var model = new SmallResNet();
        using var example = randn(2, 3, 8, 8);
        var options = new QuantizationOptions { Activations = new FixedPointOptions(), Joins = JoinHandling.Quantized, JoinBits = 6 };
        using var quantized = QuantizedModel.Attach(model, example, options);
        quantized.Calibrate([example]);

        var lines = quantized.Summary().ToString().ReplaceLineEndings("\n").Split('\n');

        lines[^1].Should().MatchRegex(@"^sum 'add': operands of 6 bits \(Q\d\.\d.*\): output of second, output of shortcut$");
    }

    /// <summary>A cost that is no sum over layers has its total alone, and so has what no layer's bits change.</summary>
    [Fact]
    public void A_cost_that_is_asked_for_has_a_column_with_its_unit()
    {
        using var model = Networks.Convolutional();
        using var example = randn(1, 3, 8, 8);
        using var quantized = QuantizedModel.Attach(model, example, Options);
        var costs = new IHardwareCost[] { new StoredWeightCost(), quantized.PeakActivations, quantized.MemoryTraffic };

        var summary = quantized.Summary(costs);
        var lines = summary.ToString().ReplaceLineEndings("\n").Split('\n');

        summary.Costs.Select(c => c.Total).Should().Equal(costs.Select(quantized.Cost));
        summary.Costs[0].Layers.Should().Equal(new Dictionary<string, double> { ["conv1"] = 166, ["conv2"] = 274, ["fc"] = 1284 });
        summary.Costs[1].Layers.Should().BeEmpty();
        (summary.Costs[2].Total - summary.Costs[2].Layers.Values.Sum()).Should().Be((192 + 10) * 4);
        lines[0].Should().EndWith("     size  stored weights [bytes]  activations at once [bits]  memory traffic [bytes]");
        lines[2].Should().MatchRegex(" 162   B +166 +550$");
        lines[6].Should().MatchRegex(" 1.7 KiB +1,724 +7,680 +3,748$");
    }

    [Fact]
    public void A_frozen_width_is_told_from_one_that_still_learns()
    {
        using var model = Networks.Convolutional();
        using var example = randn(1, 3, 8, 8);
        using var quantized = QuantizedModel.Attach(model, example, Options);
        quantized.Widths[0].Freeze();

        quantized.Summary().Layers[1].Widths.Should().Be("frozen/fixed");
    }

    [Fact]
    public void A_layer_that_is_not_called_is_listed_last_as_float()
    {
        var (used, spare) = (nn.Linear(4, 4), nn.Linear(4, 9));
        using var model = new Lambda(x => used.call(x), ("spare", spare), ("used", used));
        using var example = randn(1, 4);
        using var quantized = QuantizedModel.Attach(model, example, Options);

        var rows = quantized.Summary().Layers;

        rows.Select(r => r.Name).Should().Equal("used", "spare");
        rows[1].Should().Be(new LayerSummary("spare", "Linear", "9x4", 32, 32, "float: not called", null, 0, 0, 144));
    }

    [Fact]
    public void Weights_of_a_kind_that_no_quantizer_reaches_are_listed_and_counted()
    {
        var (words, head) = (nn.Embedding(20, 4), nn.Linear(4, 3));
        using var model = new Lambda(x => head.call(words.call(x).mean([1])), ("words", words), ("head", head));
        using var example = zeros([2, 5], ScalarType.Int64);
        using var quantized = QuantizedModel.Attach(model, example, Options);

        var summary = quantized.Summary();

        summary.Layers[^1].Should().Be(new LayerSummary(
            "words", "Embedding", "", 32, 32, "float: a table that is looked up has no multiplications", null, 0, 0, 320));
        summary.FloatWeightBytes.Should().Be(4 * (80 + 12));
    }

    [Fact]
    public void The_text_does_not_depend_on_the_culture()
    {
        using var model = Networks.Convolutional();
        using var example = randn(1, 3, 8, 8);
        using var quantized = QuantizedModel.Attach(model, example, Options);
        using var culture = new CommaCulture();

        quantized.Summary().ToString().Should().Contain("10.4 k").And.Contain("4.38x");
    }
}
