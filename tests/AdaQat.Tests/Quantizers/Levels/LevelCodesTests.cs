using static TorchSharp.torch;

namespace AdaQat.Tests.Quantizers.Levels;

/// <summary>What <c>forward</c> of few and uneven levels returns is, to the bit, what the codes stand for.</summary>
public sealed class LevelCodesTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    [Theory]
    [MemberData(nameof(LevelFamilies.NamesAndBits), MemberType = typeof(LevelFamilies))]
    public void In_every_form_width_type_shape_and_layout(string name, int bits)
    {
        foreach (var type in new[] { ScalarType.Float32, ScalarType.Float64, ScalarType.BFloat16 })
        {
            foreach (var input in CodeAgreement.Tensors(type).Where(t => t.dim() > 0))
            {
                using var quantizer = LevelFamilies.Started(name, bits, input);
                CodeAgreement.Check(quantizer, input, $"{name} at {bits} bits on {type} [{string.Join(", ", input.shape)}]");
            }
        }
    }

    [Theory]
    [MemberData(nameof(LevelFamilies.Names), MemberType = typeof(LevelFamilies))]
    public void Of_zeros_which_have_no_sign(string name)
    {
        foreach (var zero in new[] { 0.0, -0.0 })
        {
            var input = full([2, 3], zero);
            using var quantizer = LevelFamilies.Started(name, LevelFamilies.Of(name).Least, ones(2, 3));
            using var onZeros = LevelFamilies.Of(name).Create(BitWidth.Fixed("w", LevelFamilies.Of(name).Least));
            onZeros.Calibrate(input);
            if (onZeros.IsCalibrated)
            {
                CodeAgreement.Check(onZeros, input, name);
                Bits.Of(onZeros.call(input)).Should().Equal(Bits.Of(zeros(2, 3)), name);
            }

            CodeAgreement.Check(quantizer, input, name);
        }
    }

    [Theory]
    [MemberData(nameof(LevelFamilies.Names), MemberType = typeof(LevelFamilies))]
    public void But_not_of_NaN_infinity_or_nothing(string name)
    {
        using var quantizer = LevelFamilies.Started(name, LevelFamilies.Of(name).Least, ones(2, 3));

        quantizer.Invoking(q => q.Encode(Make.Tensor([0, double.NaN, 1, 2], ScalarType.Float32, 2, 2))).Should().Throw<ArgumentException>()
            .WithMessage("*1 of 4 elements are NaN or infinite*");
        quantizer.Invoking(q => q.Encode(Make.Tensor([0, 1, 1, double.PositiveInfinity], ScalarType.Float32, 2, 2)))
            .Should().Throw<ArgumentException>();
        quantizer.Invoking(q => q.Encode(zeros(0, 3))).Should().Throw<ArgumentException>().WithMessage("*empty, of shape [0, 3]*");
        quantizer.Invoking(q => q.call(zeros(0, 3))).Should().Throw<ArgumentException>().WithMessage("*empty, of shape [0, 3]*");
    }

    [Theory]
    [InlineData("powers of two, learned")]
    [InlineData("powers of two of an input")]
    [InlineData("sums of powers of a weight")]
    [InlineData("ternary with learned scales")]
    public void Nor_before_a_range_has_started(string name)
    {
        using var quantizer = LevelFamilies.Of(name).Create(BitWidth.Fixed("w", 2));

        quantizer.IsCalibrated.Should().BeFalse();
        quantizer.Invoking(q => q.Encode(ones(2, 3))).Should().Throw<InvalidOperationException>().WithMessage("*no value yet*");
        quantizer.Calibrate(zeros(2, 3));
        quantizer.Calibrate(full([2, 3], double.NaN));
        quantizer.IsCalibrated.Should().BeFalse("zeros and NaN are no data");
    }

    public void Dispose() => _scope.Dispose();
}
