using AdaQat.Graph;
using FsCheck;
using FsCheck.Fluent;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace AdaQat.Tests.Graph;

/// <summary>Convolutions, linear layers and products of matrices compute what TorchSharp's do.</summary>
public sealed class ProductsTests
{
    private static readonly Gen<WindowCase> Convolutions = WindowCase.Any(mostPadding: 2);

    [Fact]
    public void Convolutions_of_any_attributes_are_TorchSharps()
    {
        Arbitrary.ForAll(Convolutions, c =>
        {
            using var scope = NewDisposeScope();
            var x = GraphOracle.Noise(c.Seed, [c.Batch, c.Groups * c.In, .. c.Size]);
            var w = GraphOracle.Noise(c.Seed + 1, [c.Groups * c.Out, c.In, .. c.Kernel]);
            var b = GraphOracle.Noise(c.Seed + 2, c.Groups * c.Out);
            var (s, p, d) = (c.Stride, c.Padding, c.Dilation);
            GraphOracle.Check(
                new ConvolutionOperator([.. s], [.. p], [.. d], c.Groups),
                () => c.Axes switch
                {
                    1 => conv1d(x, w, c.Flag ? b : null, s[0], p[0], d[0], c.Groups),
                    2 => conv2d(x, w, c.Flag ? b : null, s, p, d, c.Groups),
                    _ => conv3d(x, w, c.Flag ? b : null, s, p, d, c.Groups),
                },
                c.Flag ? [x, w, b] : [x, w]);
        });
    }

    [Fact]
    public void Transposed_convolutions_of_any_attributes_are_TorchSharps()
    {
        Arbitrary.ForAll(Convolutions, c =>
        {
            using var scope = NewDisposeScope();
            // As much padding as leaves something of the output.
            var (s, d) = (c.Stride, c.Dilation);
            var p = c.Padding.Select((padding, axis) =>
                Math.Min(padding, (((c.Size[axis] - 1) * s[axis]) + (d[axis] * (c.Kernel[axis] - 1))) / 2)).ToArray();
            var o = s.Select((stride, axis) => c.Seed % Math.Max(stride, d[axis])).ToArray();
            var x = GraphOracle.Noise(c.Seed, [c.Batch, c.Groups * c.In, .. c.Size]);
            var w = GraphOracle.Noise(c.Seed + 1, [c.Groups * c.In, c.Out, .. c.Kernel]);
            var b = GraphOracle.Noise(c.Seed + 2, c.Groups * c.Out);
            GraphOracle.Check(
                new TransposedConvolutionOperator([.. s], [.. p], [.. o], [.. d], c.Groups),
                () => c.Axes switch
                {
                    1 => conv_transpose1d(x, w, c.Flag ? b : null, s[0], p[0], o[0], d[0], c.Groups),
                    2 => conv_transpose2d(x, w, c.Flag ? b : null, s, p, o, d, c.Groups),
                    _ => conv_transpose3d(x, w, c.Flag ? b : null, s, p, o, d, c.Groups),
                },
                c.Flag ? [x, w, b] : [x, w]);
        });
    }

    [Theory]
    [InlineData(5L)]
    [InlineData(3L, 5L)]
    [InlineData(2L, 3L, 5L)]
    [InlineData(0L, 5L)]
    public void Linear_layers_take_any_leading_axes(params long[] shape)
    {
        var (x, w, b) = (GraphOracle.Noise(1, shape), GraphOracle.Noise(2, 4, 5), GraphOracle.Noise(3, 4));

        GraphOracle.Check(new LinearOperator(), () => linear(x, w, b), x, w, b);
        GraphOracle.Check(new LinearOperator(), () => linear(x, w), x, w);
    }

    [Theory]
    [InlineData(new long[] { 2, 3 }, new long[] { 3, 4 })]
    [InlineData(new long[] { 5, 2, 3 }, new long[] { 3, 4 })]
    [InlineData(new long[] { 2, 3 }, new long[] { 5, 3, 4 })]
    [InlineData(new long[] { 5, 1, 2, 3 }, new long[] { 6, 3, 4 })]
    [InlineData(new long[] { 1, 6, 2, 3 }, new long[] { 5, 1, 3, 4 })]
    public void Products_of_matrices_broadcast_leading_axes(long[] left, long[] right)
    {
        var (a, b) = (GraphOracle.Noise(1, left), GraphOracle.Noise(2, right));

        GraphOracle.Check(new MatMulOperator(), () => a.matmul(b), a, b);
    }

    [Fact]
    public void Rows_of_a_table_are_TorchSharps()
    {
        var table = GraphOracle.Noise(1, 5, 3);
        var x = tensor([0L, 4L, 2L, 2L], [2, 2]);

        GraphOracle.Check(
            new EmbeddingOperator(), () => table.index_select(0, x.flatten()).reshape(2, 2, 3), x.to(ScalarType.Float64), table);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(-1)]
    [InlineData(0.5)]
    [InlineData(double.NaN)]
    public void A_row_that_is_not_there_is_refused(double row)
    {
        GraphTensor x = GraphTensor.Of([1], [row]), table = GraphTensor.Of([5, 1], new double[5]);

        new EmbeddingOperator().Invoking(embedding => embedding.Evaluate(x, table)).Should().Throw<GraphException>()
            .WithMessage("*element 0 of its input; allowed are whole numbers from 0 to 4.");
    }

    [Fact]
    public void Infinite_weights_are_no_zeros()
    {
        GraphTensor x = GraphTensor.Of([1, 1], [0.0]), w = GraphTensor.Of([1, 1], [double.PositiveInfinity]);

        new LinearOperator().Evaluate(x, w)[0].ToFloat64().Should().Equal(double.NaN);
    }
}
