using AdaQat.Graph;
using static TorchSharp.torch;

namespace AdaQat.Tests.Graph;

/// <summary>Reductions compute what TorchSharp's do.</summary>
public sealed class ReductionsTests
{
    [Theory]
    [InlineData(0L)]
    [InlineData(2L)]
    [InlineData(1L, 2L)]
    [InlineData(2L, 0L)]
    [InlineData(0L, 1L, 2L)]
    public void Reductions_over_any_axes_are_TorchSharps(params long[] axes)
    {
        var x = GraphOracle.Noise(1, 3, 4, 5);
        foreach (var keeps in new[] { false, true })
        {
            Check(Reduction.Mean, () => x.mean(axes, keeps));
            Check(Reduction.Sum, () => x.sum(axes, keeps));
            Check(Reduction.Max, () => x.amax(axes, keeps));
            Check(Reduction.Min, () => x.amin(axes, keeps));

            void Check(Reduction reduction, Func<Tensor> expected) =>
                GraphOracle.Check(new ReduceOperator(reduction, [.. axes], keeps), expected, x);
        }
    }

    [Fact]
    public void Over_no_axes_everything_stays()
    {
        var x = GraphOracle.Noise(1, 3, 4);

        GraphOracle.Check(new ReduceOperator(Reduction.Mean, []), () => x, x);
    }

    [Fact]
    public void What_is_no_number_is_the_largest_and_the_smallest()
    {
        var x = tensor([1.0, double.NaN, 2.0]);

        GraphOracle.Check(new ReduceOperator(Reduction.Max, [0]), () => x.amax(0), x);
        GraphOracle.Check(new ReduceOperator(Reduction.Min, [0]), () => x.amin(0), x);
    }

    [Fact]
    public void Nothing_has_no_mean()
    {
        var reduce = () => new ReduceOperator(Reduction.Mean, [0]).InferShapes([[0, 3]]);

        reduce.Should().Throw<GraphException>().WithMessage("*[0,3]*no elements*");
    }
}
