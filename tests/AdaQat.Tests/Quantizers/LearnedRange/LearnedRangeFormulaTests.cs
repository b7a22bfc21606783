using AdaQat.Quantizers;
using static TorchSharp.torch;

namespace AdaQat.Tests.Quantizers.LearnedRange;

/// <summary>A learned step and range against PyTorch's autograd of the formula (Fixtures/make_learned_range.py).</summary>
public sealed class LearnedRangeFormulaTests
{
    public static TheoryData<KernelChoice> Kernels => [.. Enum.GetValues<KernelChoice>()];

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Values_codes_width_and_gradients_are_those_of_the_formula(KernelChoice kernels)
    {
        foreach (var expected in LearnedRangeFixtures.All)
        {
            using var scope = NewDisposeScope();
            using var quantizer = expected.Quantizer(kernels);
            quantizer.eval();
            var x = Make.Leaf(expected.X, expected.Dtype);

            var output = quantizer.call(x);
            (output * Make.Tensor(expected.Upstream, expected.Dtype)).sum().backward();
            using var encoded = quantizer.Encode(x);

            Near.CheckAsAWhole(output, expected.Output, expected.Dtype, $"output of {expected}");
            Near.Check(x.grad!, expected.Gradient, expected.Dtype, $"gradient of {expected}");
            Near.Numbers(encoded.Codes).Should().Equal(expected.Codes.Select(c => (double)c), "codes of {0}", expected);
            Bits.Of(encoded.Decode()).Should().Equal(Bits.Of(output), "decoded codes of {0}", expected);
            Relative(quantizer.StepSize(), expected.Step).Should().BeLessThan(1e-6, "step of {0}", expected);
            Close(quantizer.RangeLog2.grad!, expected.RangeGradient, expected);
            if (quantizer.StepLog2 is { } step)
            {
                Close(step.grad!, expected.StepGradient, expected);
                quantizer.Width.Value.Should().BeApproximately(Math.Clamp(expected.Inferred, expected.Least, expected.Most), 2e-4);
            }
        }
    }

    [Fact]
    public void Every_width_form_and_type_has_PyTorchs_numbers()
    {
        LearnedRangeFixtures.All.Where(c => c.Form == "given").Select(c => (c.Bits, c.IsSigned)).Should().HaveCount(16);
        LearnedRangeFixtures.All.Select(c => (c.Form, c.IsSigned, c.Type)).Distinct().Should().HaveCount(4 * 2 * 2);
        // Steps at an end whose gradient leads back, and some whose gradient does not.
        LearnedRangeFixtures.All.Where(c => c.Form.EndsWith("allowed", StringComparison.Ordinal)).Select(c => (c.Form, c.StepGradient == 0))
            .Distinct().Should().HaveCount(4);
    }

    private static double Relative(double actual, double expected) => Math.Abs(actual - expected) / expected;

    private static void Close(Tensor actual, double expected, LearnedRangeFixtures.Case what)
    {
        actual.shape.Should().BeEmpty("what is learned is a scalar");
        var tolerance = Near.Relative(what.Dtype) * what.X.Zip(what.Upstream, (x, g) => Math.Abs(x * g)).Sum();
        Near.Numbers(actual)[0].Should().BeApproximately(expected, tolerance, "of {0}", what);
    }
}
