using AdaQat.Quantizers;
using AdaQat.Quantizers.Kernels;
using AdaQat.Quantizers.Ternary;
using static TorchSharp.torch;

namespace AdaQat.Tests.Quantizers.Ternary;

/// <summary>The kernels of ternary weights against the operators: to the bit, but for the order of sums.</summary>
public sealed class FusedTernaryTests
{
    [Theory]
    [MemberData(nameof(Make.Types), MemberType = typeof(Make))]
    public void Every_row_layout_granularity_and_edge_value_agrees(ScalarType type)
    {
        foreach (var (weight, _, granularity) in GranuleCases.All(type))
        {
            using var scope = NewDisposeScope();
            var options = new TernaryOptions { Granularity = granularity };
            var what = $"{options}, {type}, [{string.Join(", ", weight.shape)}]";
            FusedTernary.Serves(weight, options).Should().BeTrue(what);
            var numbers = TernaryOperators.Numbers(weight, options);

            Close(FusedTernary.Numbers(weight, options), numbers, what);
            Near.Numbers(FusedTernary.Forward(weight, numbers, granularity)).Should().Equal(
                Near.Numbers(TernaryOperators.Forward(weight, numbers, granularity)), "values of {0}", what);
        }
    }

    [Theory]
    [MemberData(nameof(Make.Types), MemberType = typeof(Make))]
    public void Learned_scales_agree_on_every_length_layout_and_edge_value(ScalarType type)
    {
        using var own = NewDisposeScope();
        var (positive, negative) = (tensor(0.75, dtype: type), tensor(1.5, dtype: type));
        foreach (var (weight, upstream, _) in GranuleCases.All(type).Where(c => c.Granularity == Granularity.PerTensor))
        {
            using var scope = NewDisposeScope();
            var options = new TernaryOptions { Scale = TernaryScale.Learned };
            var what = $"{type}, [{string.Join(", ", weight.shape)}]";
            var threshold = TernaryOperators.Threshold(weight, options);

            Close(FusedTernary.Threshold(weight, options), threshold, what);
            Near.Numbers(FusedTernary.Forward(weight, threshold, positive, negative)).Should().Equal(
                Near.Numbers(TernaryOperators.Forward(weight, threshold, positive, negative)), "values of {0}", what);
            var actual = FusedTernary.Backward(upstream, weight, threshold, positive, negative);
            var expected = TernaryOperators.Backward(upstream, weight, threshold, positive, negative);
            Near.Numbers(actual.Weight).Should().Equal(Near.Numbers(expected.Weight), "gradient of {0}", what);
            var tolerance = 10 * Near.Relative(type) * Near.Numbers(upstream.abs().sum())[0];
            Near.Numbers(actual.Positive)[0].Should().BeApproximately(Near.Numbers(expected.Positive)[0], tolerance, what);
            Near.Numbers(actual.Negative)[0].Should().BeApproximately(Near.Numbers(expected.Negative)[0], tolerance, what);
        }
    }

    [Fact]
    public void Other_types_gaps_and_the_choice_of_operators_are_left_to_the_operators()
    {
        using var scope = NewDisposeScope();

        FusedTernary.Serves(rand(8, 8), new TernaryOptions()).Should().BeTrue();
        FusedTernary.Serves(rand(8, 8), new TernaryOptions { Kernels = KernelChoice.Operators }).Should().BeFalse();
        FusedTernary.Serves(rand(8, 8).to(ScalarType.BFloat16), new TernaryOptions()).Should().BeFalse();
        FusedTernary.Serves(rand(8, 8).slice(1, 0, 8, 2), new TernaryOptions()).Should().BeFalse();
    }

    private static void Close(Tensor actual, Tensor expected, string what)
    {
        actual.shape.Should().Equal(expected.shape, what);
        actual.dtype.Should().Be(expected.dtype);
        Near.Numbers(actual).Should().Equal(
            Near.Numbers(expected), (a, b) => a.Equals(b) || Math.Abs(a - b) <= 10 * Near.Relative(actual.dtype) * Math.Abs(b), what);
    }
}
