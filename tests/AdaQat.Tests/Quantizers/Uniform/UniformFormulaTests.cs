using AdaQat.Quantizers;
using static TorchSharp.torch;

namespace AdaQat.Tests.Quantizers.Uniform;

/// <summary>The uniform families against PyTorch's autograd of their formulas (Fixtures/make_uniform.py).</summary>
public sealed class UniformFormulaTests
{
    public static TheoryData<int> Widths => [.. Enumerable.Range(1, 8)];

    public static TheoryData<int, KernelChoice> WidthsAndKernels
    {
        get
        {
            var data = new TheoryData<int, KernelChoice>();
            foreach (var bits in Enumerable.Range(1, 8))
            {
                data.Add(bits, KernelChoice.Fused);
                data.Add(bits, KernelChoice.Operators);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(WidthsAndKernels))]
    public void Affine_grids_their_codes_and_gradients_are_those_of_the_formula(int bits, KernelChoice kernels)
    {
        foreach (var expected in UniformFixtures.Instance.Affine.Where(c => c.Bits == bits))
        {
            using var scope = NewDisposeScope();
            using var quantizer = MakeUniform.Affine(
                bits, expected.Options with { Kernels = kernels }, expected.Low, expected.High, expected.IsSigned, expected.Dtype);

            Check(quantizer, expected);
        }
    }

    [Theory]
    [MemberData(nameof(WidthsAndKernels))]
    public void Lsqs_grids_codes_and_gradients_are_those_of_the_papers(int bits, KernelChoice kernels)
    {
        foreach (var expected in UniformFixtures.Instance.Lsq.Where(c => c.Bits == bits))
        {
            using var scope = NewDisposeScope();
            using var quantizer = MakeUniform.Lsq(
                bits, expected.Options with { Kernels = kernels }, expected.UnitStep, expected.Offset, expected.Form != "unsigned",
                expected.Dtype);

            Check(quantizer, expected);

            // A descent on t moves s = t/√Q as one on s with the paper's gradient scale does.
            // The terms of its sum are differences of numbers up to the largest code.
            var tolerance = Near.Relative(expected.Dtype) * expected.Upstream.Sum() * Math.Sqrt(expected.Largest);
            Near.Numbers(quantizer.UnitStep.grad!.div(Math.Sqrt(expected.Largest))).Should()
                .Equal(expected.StepGradient, (a, b) => Math.Abs(a - b) <= tolerance, "step of {0}", expected);
            if (expected.Form == "offset")
            {
                Near.CheckAsAWhole(quantizer.Offset!.grad!, expected.OffsetGradient, expected.Dtype, $"offset of {expected}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(WidthsAndKernels))]
    public void Fixed_point_grids_their_codes_and_gradients_are_those_of_the_formula(int bits, KernelChoice kernels)
    {
        foreach (var expected in UniformFixtures.Instance.FixedPoint.Where(c => c.Bits == bits))
        {
            using var scope = NewDisposeScope();
            using var fromData = MakeUniform.FixedPoint(bits, expected.Magnitude, expected.IsSigned, expected.CodeOverflow, expected.Dtype);
            FixedPointQuantizer[] given =
            [
                Given(new FixedPointOptions { IntegerBits = expected.IntegerBits }),
                Given(new FixedPointOptions { FractionBits = expected.FractionBits }),
            ];

            foreach (var quantizer in given.Prepend(fromData))
            {
                Check(quantizer, expected);
                quantizer.Format().Should().Be(
                    $"{(expected.IsSigned ? "Q" : "UQ")}{expected.IntegerBits}.{expected.FractionBits}", "of {0}", expected);
                quantizer.Dispose();
            }

            FixedPointQuantizer Given(FixedPointOptions options) => new(
                BitWidth.Fixed("q", bits), QuantizerTarget.Activation, expected.IsSigned,
                options with { Overflow = expected.CodeOverflow, Kernels = kernels });
        }
    }

    [Fact]
    public void Every_width_form_and_granularity_has_PyTorchs_numbers()
    {
        UniformFixtures.Instance.Affine.Select(c => (c.Bits, c.Form, c.Granularity)).Distinct().Should().HaveCount((8 * 6 * 4) - 4);
        UniformFixtures.Instance.Lsq.Select(c => (c.Bits, c.Form, c.Granularity)).Distinct().Should().HaveCount(8 * 3 * 4);
        UniformFixtures.Instance.FixedPoint.Select(c => (c.Bits, c.Overflow, c.IsSigned)).Distinct().Should().HaveCount(8 * 2 * 2);
    }

    private static void Check(Quantizer quantizer, UniformFixtures.Case expected)
    {
        var x = Make.Leaf(expected.X, expected.Dtype, UniformFixtures.Shape);

        var output = quantizer.call(x);
        (output * Make.Tensor(expected.Upstream, expected.Dtype, UniformFixtures.Shape)).sum().backward();
        using var encoded = quantizer.Encode(x);

        output.shape.Should().Equal(UniformFixtures.Shape);
        Near.Check(output, expected.Output, expected.Dtype, $"output of {expected}");
        Near.Check(x.grad!, expected.Gradient, expected.Dtype, $"gradient of {expected}");
        Near.Numbers(encoded.Codes).Should().Equal(expected.Codes.Select(c => (double)c), "codes of {0}", expected);
        Bits.Of(encoded.Decode()).Should().Equal(Bits.Of(output), "decoded codes of {0}", expected);
    }
}
