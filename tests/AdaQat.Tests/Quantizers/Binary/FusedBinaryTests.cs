using AdaQat.Quantizers;
using AdaQat.Quantizers.Binary;
using AdaQat.Quantizers.Kernels;
using static TorchSharp.torch;

namespace AdaQat.Tests.Quantizers.Binary;

/// <summary>The kernels of binary weights against the operators: to the bit, but for the order of sums.</summary>
public sealed class FusedBinaryTests
{
    [Theory]
    [MemberData(nameof(Make.Types), MemberType = typeof(Make))]
    public void Every_row_layout_granularity_and_edge_value_agrees(ScalarType type)
    {
        foreach (var (weight, upstream, granularity) in GranuleCases.All(type))
        {
            using var scope = NewDisposeScope();
            foreach (var gradient in Enum.GetValues<BinaryGradient>())
            {
                Agree(weight, upstream, new BinaryOptions { Granularity = granularity, Gradient = gradient });
            }
        }
    }

    [Fact]
    public void Other_types_gaps_and_the_choice_of_operators_are_left_to_the_operators()
    {
        using var scope = NewDisposeScope();

        FusedBinary.Serves(rand(8, 8), new BinaryOptions()).Should().BeTrue();
        FusedBinary.Serves(rand(8, 8), new BinaryOptions { Kernels = KernelChoice.Operators }).Should().BeFalse();
        FusedBinary.Serves(rand(8, 8).to(ScalarType.BFloat16), new BinaryOptions()).Should().BeFalse();
        FusedBinary.Serves(rand(8, 8).slice(1, 0, 8, 2), new BinaryOptions()).Should().BeFalse();
    }

    private static void Agree(Tensor weight, Tensor upstream, BinaryOptions options)
    {
        var what = $"{options}, {weight.dtype}, [{string.Join(", ", weight.shape)}]";
        FusedBinary.Serves(weight, options).Should().BeTrue(what);
        var scale = BinaryOperators.Scale(weight, options.Granularity);

        var own = FusedBinary.Scale(weight, options.Granularity);
        own.shape.Should().Equal(scale.shape, what);
        Near.Numbers(own).Should().Equal(
            Near.Numbers(scale), (a, b) => a.Equals(b) || Math.Abs(a - b) <= 10 * Near.Relative(weight.dtype) * b, "of {0}", what);
        Near.Numbers(FusedBinary.Forward(weight, scale, options.Granularity)).Should().Equal(
            Near.Numbers(BinaryOperators.Forward(weight, scale, options.Granularity)), "values of {0}", what);
        var (actual, expected) = (
            Near.Numbers(FusedBinary.Backward(upstream, weight, scale, options)),
            Near.Numbers(BinaryOperators.Backward(upstream, weight, scale, options)));
        var tolerance = options.Gradient == BinaryGradient.StraightThrough
            ? 0 : 10 * Near.Relative(weight.dtype) * Near.Numbers(upstream.abs().max())[0];
        actual.Should().Equal(
            expected, (a, b) => a.Equals(b) || Math.Abs(a - b) <= tolerance * Math.Max(1, Math.Abs(b)), "gradient of {0}", what);
    }
}
