using AdaQat.Quantizers;
using static TorchSharp.torch;

namespace AdaQat.Tests.Quantizers.Uniform;

/// <summary>What the uniform families return is, to the bit, what their codes stand for, and no gradient goes wrong on the way.</summary>
public sealed class UniformCodesTests
{
    public static TheoryData<ScalarType, int> TypesAndBits
    {
        get
        {
            var data = new TheoryData<ScalarType, int>();
            foreach (var bits in Enumerable.Range(1, 8).Append(16))
            {
                data.Add(ScalarType.Float32, bits);
                data.Add(ScalarType.Float64, bits);
                if (bits <= 8)
                {
                    data.Add(ScalarType.BFloat16, bits);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(TypesAndBits))]
    public void Of_every_family_form_and_layout(ScalarType type, int bits)
    {
        foreach (var (shape, kernels) in new[]
        {
            ((long[])[4, 8, 5, 4], KernelChoice.Fused), ([4, 8, 5, 4], KernelChoice.Operators), ([3, 4], KernelChoice.Fused),
            ([64], KernelChoice.Fused),
        })
        {
            foreach (var (quantizer, what) in MakeUniform.Every(BitWidth.Fixed("q", bits), shape, kernels))
            {
                using var scope = NewDisposeScope();
                using (quantizer)
                {
                    var count = shape.Aggregate((p, s) => p * s);
                    var plain = Make.Random(count, ScalarType.Float64).reshape(shape).to(type);
                    quantizer.to(type);
                    quantizer.Calibrate(plain.mul(0.7));
                    foreach (var x in Layouts(plain))
                    {
                        using var encoded = quantizer.Encode(x);
                        var output = quantizer.call(x);

                        Bits.Of(encoded.Decode()).Should().Equal(Bits.Of(output), "of {0} at {1} bits on {2}", what, bits, type);
                        output.dtype.Should().Be(type);
                        (encoded.Grid.LargestCode - encoded.Grid.SmallestCode).Should().BeLessThan(1 << quantizer.Width.Bits);
                    }
                }
            }
        }
    }

    [Fact]
    public void NaN_stays_NaN_has_no_gradient_and_no_code_and_infinity_is_clipped()
    {
        foreach (var (quantizer, what) in MakeUniform.Every(BitWidth.Fixed("q", 4), [4, 4], KernelChoice.Fused))
        {
            using var scope = NewDisposeScope();
            using (quantizer)
            {
                quantizer.Calibrate(Make.Random(16, ScalarType.Float32).reshape(4, 4));
                double[] values = [.. Near.Numbers(Make.Random(16, ScalarType.Float32))];
                (values[3], values[6], values[9]) = (double.NaN, double.PositiveInfinity, double.NegativeInfinity);
                var x = Make.Leaf(values, shape: [4, 4]);

                var output = quantizer.call(x);
                output.backward([ones_like(output)]);

                var wraps = quantizer.Options is FixedPointOptions { Overflow: CodeOverflow.Wrap };
                Near.Numbers(output).Select((v, i) => (v, i)).Where(e => !double.IsFinite(e.v)).Select(e => e.i)
                    .Should().Equal(wraps ? [3, 6, 9] : [3], "of {0}", what);
                Near.Numbers(x.grad!).Should().OnlyContain(g => g == 0 || g == 1);
                wraps.Should().Be(Near.Numbers(x.grad!)[3] == 1);
                quantizer.parameters().SelectMany(p => Near.Numbers(p.grad!)).Should().NotContain(g => !double.IsFinite(g));
                quantizer.Invoking(q => q.Encode(x)).Should().Throw<ArgumentException>()
                    .WithMessage("*3 of 16 elements are NaN or infinite*");
            }
        }
    }

    [Fact]
    public void A_tensor_of_zeros_gives_zeros_at_every_width()
    {
        foreach (var bits in Enumerable.Range(1, 8))
        {
            foreach (var (quantizer, what) in MakeUniform.Every(BitWidth.Fixed("q", bits), [4, 4], KernelChoice.Fused))
            {
                using var scope = NewDisposeScope();
                using (quantizer)
                {
                    quantizer.Calibrate(zeros(4, 4));
                    if (!quantizer.IsCalibrated)
                    {
                        continue;
                    }

                    using var encoded = quantizer.Encode(zeros(4, 4));
                    Bits.Of(quantizer.call(zeros(4, 4))).Should().Equal(Bits.Of(zeros(4, 4)), "of {0} at {1} bits", what, bits);
                    Bits.Of(encoded.Decode()).Should().Equal(Bits.Of(zeros(4, 4)), "of {0} at {1} bits", what, bits);
                }
            }
        }
    }

    [Fact]
    public void What_is_empty_not_calibrated_or_has_other_channels_is_refused_by_name()
    {
        using var scope = NewDisposeScope();
        var width = BitWidth.Fixed("q", 4);
        var perChannel = Granularity.PerChannel();
        Quantizer[] quantizers =
        [
            new AffineQuantizer(
                width, QuantizerTarget.Weight, options: new AffineOptions { Granularity = perChannel, Range = RangeSource.Static },
                scales: 3),
            new LsqQuantizer(width, QuantizerTarget.Weight, options: new LsqOptions { Granularity = perChannel }, scales: 3),
            new FixedPointQuantizer(
                width, QuantizerTarget.Weight, options: new FixedPointOptions { Granularity = perChannel, Range = RangeSource.Static },
                scales: 3),
        ];
        foreach (var quantizer in quantizers)
        {
            var name = quantizer.GetType().Name;
            quantizer.Invoking(q => q.call(zeros(3, 0))).Should().Throw<ArgumentException>().WithMessage($"{name}: the tensor is empty*");
            quantizer.Invoking(q => q.Calibrate(zeros(0, 3)))
                .Should().Throw<ArgumentException>().WithMessage($"{name}: the tensor is empty*");
            quantizer.Invoking(q => q.Encode(ones(3, 2)))
                .Should().Throw<InvalidOperationException>().WithMessage($"{name}: *no value*yet*");
            foreach (var action in new Action<Tensor>[] { quantizer.Calibrate, x => quantizer.call(x) })
            {
                action.Invoking(a => a(ones(2, 3))).Should().Throw<ArgumentException>()
                    .WithMessage($"{name}: a tensor of shape [2, 3] has 2 scales per channel (axis 0); this quantizer was made for 3.*");
            }

            quantizer.Dispose();
        }
    }

    private static IEnumerable<Tensor> Layouts(Tensor plain)
    {
        yield return plain;
        yield return plain.mul(3);
        if (plain.dim() == 4)
        {
            yield return plain.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2);
            yield return stack([plain, plain * 2], 4).select(4, 0);
        }
    }
}
