using AdaQat.Export;
using AdaQat.Graph;

namespace AdaQat.Tests.OnnxGrids;

/// <summary>Weights of every width and grid, stored as codes, are the values of their grids to ONNX Runtime.</summary>
public sealed class StoredWeightTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    // Symmetric, DoReFa's halves, with a zero point, with a zero far outside.
    public static TheoryData<int, double, long> Grids()
    {
        var data = new TheoryData<int, double, long>();
        foreach (var bits in new[] { 1, 2, 3, 4, 5, 7, 8, 12 })
        {
            var levels = (1L << bits) - 1;
            data.Add(bits, 0, -(1L << (bits - 1)));
            data.Add(bits, -levels / 2.0, 0);
            data.Add(bits, -(levels / 3), 0);
            data.Add(bits, 40000, 0);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Grids))]
    public void Values_are_those_of_the_grid(int bits, double offset, long lowest)
    {
        var highest = lowest + (1L << bits) - 1;
        var grid = new QuantizeOperator(0.037f, offset, lowest, highest);

        var file = Written(grid, Middle(grid), OnnxForm.Compact, [4, 2, 3, 3]);

        file.Opset.Should().Be(bits switch { <= 2 => 25, <= 4 => 21, <= 8 => 18, _ => 21 });
        OnnxReader.Read(file.Path).Graph.Initializer.Single(constant => constant.Name == "layer.weight").RawData.Length
            .Should().Be(72 * (bits switch { <= 2 => 2, <= 4 => 4, <= 8 => 8, _ => 16 }) / 8);
    }

    [Fact]
    public void Scales_of_channels_and_of_groups_are_kept()
    {
        double[] scales = [0.01f, 0.02f, 0.03f, 0.04f], offsets = [-1.5, -1.5, -1.5, -1.5];

        Written(new([.. scales], [.. offsets], 0, 3, axis: 0), 0, OnnxForm.Compact, [4, 2, 3, 3]);
        Written(new([.. scales], [0, -1, -2, -3], 0, 15, axis: 0), 0, OnnxForm.Compact, [4, 2, 3, 3]);
        Written(new([.. scales, .. scales], [.. offsets, .. offsets], 0, 3, axis: 0, groupSize: 9), 0, OnnxForm.Compact, [4, 2, 3, 3]);
    }

    [Fact]
    public void Matrices_are_stored_the_other_way_round_with_their_scales()
    {
        var g = new GraphBuilder("linear");
        var x = g.Input("x", [2, 3, 6]);
        var perChannel = new QuantizeOperator([0.1f, 0.2f, 0.3f, 0.4f], [-7.5, -7.5, -7.5, -7.5], 0, 15, axis: 0);
        var perGroup = new QuantizeOperator([.. Enumerable.Range(1, 8).Select(i => (double)(0.1f * i))], [.. new double[8]], -8, 7, 0, 3);
        g.Output("channels", g.Linear(x, g.Quantize(g.Constant("a", OnnxAgreement.Noise(1, [4, 6])), perChannel)));
        g.Output("groups", g.Linear(x, g.Quantize(g.Constant("b", OnnxAgreement.Noise(2, [4, 6])), perGroup)));

        OnnxAgreement.Check(g.Build(), new() { Form = OnnxForm.Compact }, OnnxAgreement.Noise(3, [2, 3, 6]));
    }

    public void Dispose() => _folder.Dispose();

    private static double Middle(QuantizeOperator grid) =>
        grid.Scales[0] * (grid.Offsets[0] + ((grid.LowestCode + grid.HighestCode) / 2.0));

    /// <summary>The weight by itself, and as that of a convolution between bytes, which ONNX Runtime rewrites.</summary>
    private OnnxFile Written(QuantizeOperator grid, double middle, OnnxForm form, Shape shape)
    {
        var numbers = OnnxAgreement.Noise(1, shape).ToFloat64().Select(number => middle + (number * grid.Scales[0] * 3));
        var constant = GraphTensor.Of(shape, [.. numbers]);
        var g = new GraphBuilder("weight");
        OnnxAgreement.Check(
            g.Output("weight", g.Quantize(g.Constant("w", constant), grid)).Output("same", g.Input("x", [1])).Build(),
            new() { Form = form }, OnnxAgreement.Noise(1, [1]));

        g = new GraphBuilder("one layer");
        using var module = g.InModule("layer");
        var x = g.Quantize(g.Input("x", [1, 2, 5, 5]), new QuantizeOperator(0.01f, 0, 0, 255));
        var y = g.Convolution(x, g.Quantize(g.Constant("layer.weight", constant), grid), padding: 1);
        var graph = g.Output("y", g.Quantize(g.Relu(y), new QuantizeOperator(0.02f, 0, 0, 255))).Build();
        var file = OnnxExport.Write(graph, _folder.In("model.onnx"), new() { Form = form });
        foreach (var optimizes in new[] { false, true })
        {
            var (codes, different, worst) = OnnxCodes.Compare(file.Path, graph, optimizes, OnnxAgreement.Noise(2, [1, 2, 5, 5]));
            codes.Should().Be(150);
            // Where a sum lies within the rounding of 32 bits of a threshold.
            different.Should().BeLessThanOrEqualTo(2);
            worst.Should().BeLessThanOrEqualTo(1);
        }

        return file;
    }
}
