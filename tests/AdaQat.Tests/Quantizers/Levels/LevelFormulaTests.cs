using AdaQat.Quantizers;
using AdaQat.Quantizers.Codebook;
using static TorchSharp.torch;

namespace AdaQat.Tests.Quantizers.Levels;

/// <summary>Few and uneven levels against PyTorch's autograd of their formulas (Fixtures/make_levels.py).</summary>
public sealed class LevelFormulaTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public static TheoryData<int> Widths => [2, 3, 4, 5, 6, 7, 8];

    public static TheoryData<KernelChoice> Kernels => [KernelChoice.Fused, KernelChoice.Operators];

    [Theory]
    [InlineData(nameof(BinaryGradient.StraightThrough))]
    [InlineData(nameof(BinaryGradient.ProductRule))]
    public void Binary_weights_and_their_gradient(string gradient)
    {
        foreach (var expected in LevelFixtures.Instance.FewLevels.Where(c => c.Family == "binary" && c.Form == gradient))
        {
            using var quantizer = new BinaryQuantizer(BitWidth.Fixed("w", 1), new BinaryOptions
            {
                Granularity = expected.Granularity,
                Gradient = Enum.Parse<BinaryGradient>(gradient),
            });
            Check(quantizer, expected);
        }
    }

    [Fact]
    public void Ternary_weights_and_their_gradient()
    {
        foreach (var expected in LevelFixtures.Instance.FewLevels.Where(c => c.Family == "ternary" && c.Form == "Mean"))
        {
            Check(new TernaryQuantizer(BitWidth.Fixed("w", 2), new TernaryOptions { Granularity = expected.Granularity }), expected);
        }
    }

    [Fact]
    public void Ternary_weights_with_learned_scales_and_all_gradients()
    {
        foreach (var expected in LevelFixtures.Instance.FewLevels.Where(c => c.Family == "ternary" && c.Form == "Learned"))
        {
            using var quantizer = new TernaryQuantizer(BitWidth.Fixed("w", 2), new TernaryOptions { Scale = TernaryScale.Learned });
            quantizer.to(expected.Dtype);
            using (no_grad())
            {
                quantizer.PositiveScale!.fill_(expected.Parameters![0]);
                quantizer.NegativeScale!.fill_(expected.Parameters[1]);
            }

            Check(quantizer, expected);

            Near.Check(quantizer.PositiveScale.grad!, [expected.ParameterGradients![0]], expected.Dtype, $"gradient of p of {expected}");
            Near.Check(quantizer.NegativeScale.grad!, [expected.ParameterGradients[1]], expected.Dtype, $"gradient of n of {expected}");
        }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Powers_of_two_in_a_range(int bits)
    {
        foreach (var (expected, kernels) in Cases(c => c.Ranges, "powerOfTwo", bits))
        {
            var options = new PowerOfTwoOptions
            {
                Range = PowerOfTwoRange.Learned,
                LargestExponent = (int)Math.Log2(expected.Range!.Value),
                IsSigned = expected.IsSigned,
                Kernels = kernels,
            };
            using var quantizer = new PowerOfTwoQuantizer(
                BitWidth.Fixed("a", bits), QuantizerTarget.Activation, expected.IsSigned, options);
            quantizer.to(expected.Dtype);

            Check(quantizer, expected);

            // ∂2^E/∂E = ln 2 · 2^E.
            Near.Check(
                quantizer.LargestExponent!.grad!, [expected.RangeGradient!.Value * expected.Range.Value * Math.Log(2)], expected.Dtype,
                $"gradient of E of {expected}", tolerance: 10);
        }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Sums_of_powers_of_two_in_a_range(int bits)
    {
        foreach (var (expected, kernels) in Cases(c => c.Ranges, "additivePowerOfTwo", bits))
        {
            var options = new AdditivePowerOfTwoOptions { ClippingValue = expected.Range, IsSigned = expected.IsSigned, Kernels = kernels };
            using var quantizer = new AdditivePowerOfTwoQuantizer(
                BitWidth.Fixed("a", bits), QuantizerTarget.Activation, expected.IsSigned, options);
            quantizer.to(expected.Dtype);
            using (no_grad())
            {
                quantizer.ClippingValue.fill_(expected.Range!.Value);
            }

            Check(quantizer, expected);

            Near.Check(
                quantizer.ClippingValue.grad!, [expected.RangeGradient!.Value], expected.Dtype, $"gradient of α of {expected}",
                tolerance: 10);
        }
    }

    [Fact]
    public void Powers_of_two_that_follow_a_weight()
    {
        foreach (var kernels in Enum.GetValues<KernelChoice>())
        {
            foreach (var expected in LevelFixtures.Instance.Following.Where(c => c.Form == "FromData"))
            {
                using var quantizer = new PowerOfTwoQuantizer(
                    BitWidth.Fixed("w", expected.Bits), QuantizerTarget.Weight, options: new PowerOfTwoOptions { Kernels = kernels });
                Check(quantizer, expected);
            }
        }
    }

    [Theory]
    [InlineData(WeightNormalization.Preserve)]
    [InlineData(WeightNormalization.Standard)]
    public void Sums_of_powers_of_two_of_a_normalised_weight(WeightNormalization normalization)
    {
        foreach (var kernels in Enum.GetValues<KernelChoice>())
        {
            foreach (var expected in LevelFixtures.Instance.Following.Where(c => c.Form == normalization.ToString()))
            {
                using var quantizer = new AdditivePowerOfTwoQuantizer(
                    BitWidth.Fixed("w", expected.Bits), QuantizerTarget.Weight, options: new AdditivePowerOfTwoOptions
                    {
                        Normalization = normalization,
                        ClippingValue = expected.Range,
                        Kernels = kernels,
                    });
                quantizer.to(expected.Dtype);

                Check(quantizer, expected, ofSums: true);

                Near.Check(
                    quantizer.ClippingValue.grad!, [expected.RangeGradient!.Value], expected.Dtype,
                    $"gradient of α of {expected}", tolerance: 10);
            }
        }
    }

    [Theory]
    [InlineData(KernelChoice.Fused, false)]
    [InlineData(KernelChoice.Fused, true)]
    [InlineData(KernelChoice.Operators, false)]
    [InlineData(KernelChoice.Operators, true)]
    public void Codebooks_their_levels_and_both_gradients(KernelChoice kernels, bool isScaled)
    {
        foreach (var expected in LevelFixtures.Instance.Codebooks)
        {
            var options = new CodebookOptions { Kernels = kernels, ScalesLevelGradient = isScaled };
            using var quantizer = new CodebookQuantizer(BitWidth.Fixed("w", expected.Bits), options);
            quantizer.to(expected.Dtype);
            var weight = Make.Leaf(expected.X, expected.Dtype, expected.Shape);
            quantizer.Calibrate(weight);
            var start = expected.Start.Select(l => Rounded(l, expected.Dtype)).ToList();
            Near.Check(quantizer.Levels, start, expected.Dtype, $"levels of {expected}");
            using (no_grad())
            {
                quantizer.Levels.copy_(Make.Tensor(expected.Levels, expected.Dtype));
            }

            var output = quantizer.call(weight);
            (output * Make.Tensor(expected.Upstream, expected.Dtype, expected.Shape)).sum().backward();

            Near.Check(output, expected.Output, expected.Dtype, $"output of {expected}");
            Near.Check(weight.grad!, expected.Gradient, expected.Dtype, $"gradient of {expected}");
            var counts = expected.Levels.Select(level => expected.Output.Count(
                value => Math.Abs(value - level) <= expected.Levels.Min(other => Math.Abs(value - other))));
            var gradients = expected.LevelGradients.Zip(counts, (sum, n) => isScaled ? sum / Math.Sqrt(Math.Max(n, 1)) : sum);
            Near.CheckAsAWhole(quantizer.Levels.grad!, [.. gradients], expected.Dtype, $"gradient of the levels of {expected}");
        }
    }

    [Fact]
    public void K_means_by_sorted_sums_finds_the_levels_of_its_definition_for_many_more_weights_than_levels()
    {
        using var generator = new Generator(5);
        var weight = randn([4000], dtype: ScalarType.Float64, generator: generator);
        var numbers = Near.Numbers(weight);
        var levels = Enumerable.Range(0, 16).Select(i => numbers.Min() + ((numbers.Max() - numbers.Min()) * i / 15)).ToArray();
        for (var round = 0; round < 10; round++)
        {
            var clusters = numbers.GroupBy(w => Enumerable.Range(0, 16).MinBy(i => Math.Abs(w - levels[i]))).ToList();
            clusters.ForEach(cluster => levels[cluster.Key] = cluster.Average());
        }

        Near.Check(CodebookOperators.Start(weight, 4, 10)!, levels, ScalarType.Float64, "levels", tolerance: 100);
    }

    [Fact]
    public void Every_family_form_and_type_has_PyTorchs_numbers()
    {
        LevelFixtures.Instance.FewLevels.Select(c => (c.Family, c.Form, c.IsByChannel, c.Type)).Distinct().Should().HaveCount(14);
        LevelFixtures.Instance.Ranges.Select(c => (c.Family, c.Bits, c.IsSigned, c.Type)).Distinct().Should().HaveCount(2 * 7 * 2 * 2);
        LevelFixtures.Instance.Following.Select(c => (c.Form, c.Bits, c.Type)).Distinct().Should().HaveCount(3 * 5 * 2);
        LevelFixtures.Instance.Codebooks.Should().HaveCount(10);
        LevelFixtures.Instance.Gradients.Should().HaveCount(3 * 4 * 2 * 2);
    }

    public void Dispose() => _scope.Dispose();

    private static double Rounded(double number, ScalarType type) => type == ScalarType.Float32 ? (float)number : number;

    private static IEnumerable<(LevelFixtures.Case Expected, KernelChoice Kernels)> Cases(
        Func<LevelFixtures, IReadOnlyList<LevelFixtures.Case>> cases, string family, int bits) =>
        from expected in cases(LevelFixtures.Instance)
        where expected.Family == family && expected.Bits == bits
        from kernels in Enum.GetValues<KernelChoice>()
        select (expected, kernels);

    private static void Check(Quantizer quantizer, LevelFixtures.Case expected, bool ofSums = false)
    {
        using var scope = NewDisposeScope();
        var x = Make.Leaf(expected.X, expected.Dtype, expected.Shape);

        var output = quantizer.call(x);
        (output * Make.Tensor(expected.Upstream, expected.Dtype, expected.Shape)).sum().backward();

        output.shape.Should().Equal(expected.Shape);
        // What is made of sums over the whole weight differs by their order.
        var tolerance = ofSums ? 10 : 1;
        Near.CheckAsAWhole(output, expected.Output, expected.Dtype, $"output of {expected}", tolerance);
        Near.CheckAsAWhole(x.grad!, expected.Gradient, expected.Dtype, $"gradient of {expected}", tolerance);
    }
}
