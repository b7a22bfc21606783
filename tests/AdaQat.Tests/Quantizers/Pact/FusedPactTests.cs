using AdaQat.Quantizers;
using AdaQat.Quantizers.Kernels;
using AdaQat.Quantizers.Pact;
using static TorchSharp.torch;

namespace AdaQat.Tests.Quantizers.Pact;

/// <summary>
/// PACT's one-pass kernels against its operators: outputs and input gradients to the bit, α's gradient to the rounding of its sum.
/// </summary>
public sealed class FusedPactTests
{
    [Theory]
    [MemberData(nameof(Make.Types), MemberType = typeof(Make))]
    public void Every_length_and_alignment_agrees(ScalarType type)
    {
        using var memory = Make.Random(200, type);
        using var upstream = Make.Random(200, type, seed: 2);
        for (var length = 1; length <= 130; length++)
        {
            using var scope = NewDisposeScope();
            var offset = length % 19;
            Agree(memory.narrow(0, offset, length), upstream.narrow(0, (offset * 7) % 19, length), 1.25,
                new PactForm(3, length % 2 == 0, PactGradient.Calibrated));
        }
    }

    [Theory]
    [MemberData(nameof(Make.Types), MemberType = typeof(Make))]
    public void Every_width_form_and_gradient_agrees(ScalarType type)
    {
        using var x = Make.Random(1000, type);
        using var upstream = Make.Random(1000, type, seed: 2);
        foreach (var form in Forms())
        {
            using var scope = NewDisposeScope();
            Agree(x, upstream, 0.8, form);
            Agree(x, upstream, 1e-7, form);
        }
    }

    [Theory]
    [MemberData(nameof(Make.Types), MemberType = typeof(Make))]
    public void Edge_values_agree(ScalarType type)
    {
        const double Alpha = 7.0 / 16;
        double[] edges =
        [
            0, -0.0, Alpha, -Alpha, Math.BitDecrement((float)Alpha), Math.BitIncrement((float)Alpha), 1e-45, -1e-45, 1e-39, 3e38, -3e38,
            double.NaN, double.PositiveInfinity, double.NegativeInfinity, 0.5 / 16, 1.5 / 16, 2.5 / 16, -0.5 / 16, -1.5 / 16, 6.5 / 16,
        ];
        foreach (var form in Forms())
        {
            using var scope = NewDisposeScope();
            var x = Make.Tensor(edges, type);
            Agree(x, Make.Random(edges.Length, type), Alpha, form);
            // Where the input lies outside, an infinite or undefined gradient is masked, too.
            Agree(Make.Tensor([-1, 0, double.NaN], type), Make.Tensor([double.PositiveInfinity, double.NaN, double.NegativeInfinity], type),
                Alpha,
                form with { IsSigned = false });
        }
    }

    [Fact]
    public void An_alpha_that_is_NaN_gives_NaN()
    {
        using var scope = NewDisposeScope();
        var x = Make.Tensor([-1, 0, 1, 2]);

        Near.Numbers(Quantized(x, tensor(float.NaN), new PactForm(4, false, PactGradient.Calibrated)))
            .Should().OnlyContain(v => double.IsNaN(v));
    }

    [Theory]
    [MemberData(nameof(Make.Types), MemberType = typeof(Make))]
    public void Many_blocks_and_any_number_of_threads_agree(ScalarType type)
    {
        using var threads = new TorchThreads();
        using var scope = NewDisposeScope();
        var count = (Blocks.Size * 5L) + 77;
        var (x, upstream) = (Make.Random(count, type), Make.Random(count, type, seed: 2));
        var form = new PactForm(4, IsSigned: false, PactGradient.Calibrated);
        var sums = new List<double>();
        foreach (var n in new[] { 1, 2, 5 })
        {
            set_num_threads(n);
            Agree(x, upstream, 1, form);
            var (_, forAlpha) = Gradients(upstream, x, tensor(1.0, dtype: type), form, needsInput: false);
            sums.Add(Near.Numbers(forAlpha)[0]);
        }

        sums.Distinct().Should().ContainSingle("sums are formed block by block, whoever does it");
    }

    [Fact]
    public void Dense_layouts_are_served_and_stay_as_they_are()
    {
        using var scope = NewDisposeScope();
        var form = new PactForm(4, IsSigned: true, PactGradient.Calibrated);
        var plain = Make.Random(4 * 3 * 5 * 6, ScalarType.Float32).reshape(4, 3, 5, 6);
        var channelsLast = plain.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2);
        foreach (var x in new[] { plain, channelsLast, plain.transpose(0, 3), plain[1] })
        {
            FusedPact.Serves(x, form).Should().BeTrue();
            Quantized(x, tensor(1f), form).stride().Should().Equal(x.stride());
            foreach (var upstream in new[] { Make.Random(x.numel(), ScalarType.Float32, 2).reshape(x.shape), ones(1).expand(x.shape) })
            {
                Agree(x, upstream, 1, form);
            }
        }

        foreach (var x in new[] { plain.slice(3, 0, 6, 2), plain[0].unsqueeze(0).expand(4, 3, 5, 6), plain.to(ScalarType.Float16) })
        {
            FusedPact.Serves(x, form).Should().BeFalse();
        }
    }

    [Fact]
    public void Neither_pass_leaves_a_tensor_behind()
    {
        using var x = Make.Random(100, ScalarType.Float32);
        using var upstream = ones(1).expand(100);
        using var alpha = tensor(1f);
        var form = new PactForm(4, IsSigned: false, PactGradient.Calibrated);
        using var scope = NewDisposeScope();

        using (Quantized(x, alpha, form))
        {
            var (forInput, forAlpha) = Gradients(upstream, x, alpha, form, needsInput: true);
            forInput!.Dispose();
            forAlpha.Dispose();
        }

        scope.DisposablesCount.Should().Be(0);
    }

    private static IEnumerable<PactForm> Forms() =>
        from bits in Enumerable.Range(1, 8)
        from isSigned in new[] { false, true }
        where bits > 1 || !isSigned
        from gradient in Enum.GetValues<PactGradient>()
        select new PactForm(bits, isSigned, gradient);

    private static void Agree(Tensor x, Tensor upstream, double alpha, PactForm form)
    {
        FusedPact.Serves(x, form).Should().BeTrue();
        var given = tensor(alpha, dtype: x.dtype);
        var effective = given.clamp_min(PactQuantizer.SmallestClippingValue);
        var what = $"{form}, {x.dtype}, {x.numel()} elements";

        var output = Quantized(x, given, form);
        var (forInput, forAlpha) = Gradients(upstream, x, given, form, needsInput: true);

        Same(output, PactOperators.Forward(x, effective, form.Bits, form.IsSigned), what);
        Same(forInput!, PactOperators.BackwardInput(upstream, x, effective, form.IsSigned), what);
        var expected = PactOperators.BackwardClippingValue(
            upstream.to(ScalarType.Float64), x.to(ScalarType.Float64), effective.to(ScalarType.Float64), form.Bits, form.IsSigned,
            form.Gradient);
        var size = Near.Numbers(upstream.masked_fill(upstream.isfinite().logical_not(), 0).abs().sum())[0];
        forAlpha.shape.Should().BeEmpty();
        forAlpha.dtype.Should().Be(x.dtype);
        var (sum, wanted) = (Near.Numbers(forAlpha)[0], Near.Numbers(expected)[0]);
        (sum.Equals(wanted) || Math.Abs(sum - wanted) <= Near.Relative(x.dtype) * size).Should()
            .BeTrue("α's gradient of {0} is {1:R} and should be {2:R}", what, sum, wanted);
    }

    private static void Same(Tensor actual, Tensor expected, string what)
    {
        actual.shape.Should().Equal(expected.shape);
        actual.dtype.Should().Be(expected.dtype);
        Near.Numbers(actual).Should().Equal(Near.Numbers(expected), "of {0}", what);
    }

    private static Tensor Quantized(Tensor input, Tensor clippingValue, PactForm form)
    {
        var quantized = empty_like(input);
        FusedPact.Forward(input, FusedPact.ClippingValue(clippingValue), form, quantized);
        return quantized;
    }

    private static (Tensor? ForInput, Tensor ForClippingValue) Gradients(
        Tensor gradient, Tensor input, Tensor clippingValue, PactForm form, bool needsInput)
    {
        var forInput = needsInput ? empty_like(input) : null;
        var value = FusedPact.Backward(gradient, input, FusedPact.ClippingValue(clippingValue), form, forInput);
        return (forInput, full(clippingValue.shape, value, dtype: input.dtype));
    }
}
