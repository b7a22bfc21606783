using AdaQat.Quantizers;
using AdaQat.Quantizers.Kernels;
using FsCheck;
using FsCheck.Fluent;
using static TorchSharp.torch;

namespace AdaQat.Tests.Quantizers;

/// <summary>What a quantizer's <c>forward</c> returns is, to the bit, what its codes stand for.</summary>
public sealed class CodesTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public static TheoryData<ScalarType, int> TypesAndBits
    {
        get
        {
            var data = new TheoryData<ScalarType, int>();
            foreach (var bits in Enumerable.Range(1, BitWidth.MaximumBits))
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
    public void Of_a_weight_for_every_transform_scale_and_path(ScalarType type, int bits)
    {
        foreach (
            var options in Make.DoReFaOptions.SelectMany(o => Enum.GetValues<KernelChoice>(), (o, kernels) => o with { Kernels = kernels }))
        {
            using var quantizer = Make.DoReFa(bits, options);
            foreach (var weight in CodeAgreement.Tensors(type))
            {
                CodeAgreement.Check(quantizer, weight, $"{options} at {bits} bits on {type} [{string.Join(", ", weight.shape)}]");
            }
        }
    }

    [Theory]
    [MemberData(nameof(TypesAndBits))]
    public void Of_an_activation_for_every_sign_and_path(ScalarType type, int bits)
    {
        foreach (
            var (isSigned, alpha, kernels) in from s in new[] { false, true }
                                              from a in new[] { 1e-7, 0.3, 1,
                6.1 }
                                              from k in Enum.GetValues<KernelChoice>()
                                              select (s, a, k))
        {
            using var quantizer = new PactQuantizer(
                BitWidth.Fixed("a", bits), isSigned, new PactOptions { ClippingValue = alpha, Kernels = kernels });
            quantizer.to(type);
            foreach (var input in CodeAgreement.Tensors(type))
            {
                CodeAgreement.Check(
                    quantizer, input,
                    $"signed {isSigned}, α {alpha}, {kernels} at {bits} bits on {type} [{string.Join(", ", input.shape)}]");
            }
        }
    }

    [Fact]
    public void Of_numbers_of_any_kind()
    {
        var cases =
            from bits in Gen.Choose(1, 10)
            from numbers in Gen.Choose(-3000, 3000).NonEmptyListOf()
            from alpha in Gen.Choose(1, 2000)
            from isSigned in Gen.Elements(true, false)
            select (bits, numbers.Select(n => n / 777.0).ToList(), alpha / 333.0, isSigned);
        Arbitrary.ForAll(cases, c =>
        {
            using var scope = NewDisposeScope();
            using var pact = Make.Pact(c.bits, c.Item3, c.isSigned);
            using var doReFa = Make.DoReFa(c.bits);
            CodeAgreement.Check(pact, Make.Tensor(c.Item2), "PACT");
            CodeAgreement.Check(doReFa, Make.Tensor(c.Item2), "DoReFa");
        });
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(8)]
    public void DoReFas_grid_has_two_to_the_bits_values_around_a_zero_that_is_none_of_them(int bits)
    {
        using var quantizer = Make.DoReFa(bits, new DoReFaOptions { Scale = WeightScale.Unit, Transform = WeightTransform.Linear });
        using var encoded = quantizer.Encode(linspace(-1, 1, 4001));

        var grid = encoded.Grid.Should().BeOfType<UniformGrid>().Subject;
        (grid.SmallestCode, grid.LargestCode).Should().Be((0, (1 << bits) - 1));
        grid.Offsets.Should().Equal(-((1 << bits) - 1) / 2.0);
        encoded.Codes.unique().output.numel().Should().Be(1 << bits);
        Near.Numbers(encoded.Decode()).Should().NotContain(0);
    }

    [Theory]
    [InlineData(1, false, 0, 1, 0.0)]
    [InlineData(4, false, 0, 15, 0.0)]
    [InlineData(1, true, 0, 1, -0.5)]
    [InlineData(4, true, -7, 7, 0.0)]
    public void Pacts_grid_is_that_of_the_form(int bits, bool isSigned, int smallest, int largest, double offset)
    {
        using var quantizer = Make.Pact(bits, 2, isSigned);
        using var encoded = quantizer.Encode(linspace(-3, 3, 6001));

        var grid = encoded.Grid.Should().BeOfType<UniformGrid>().Subject;
        (grid.SmallestCode, grid.LargestCode).Should().Be((smallest, largest));
        grid.Offsets.Should().Equal(offset);
        (encoded.Codes.min().item<int>(), encoded.Codes.max().item<int>()).Should().Be((smallest, largest));
        Near.Numbers(encoded.Decode()).Max().Should().BeApproximately(2, 1e-6);
    }

    [Fact]
    public void Zeros_encode_to_zeros()
    {
        using var quantizer = Make.DoReFa(3);
        using var encoded = quantizer.Encode(zeros(2, 3));

        Bits.Of(encoded.Decode()).Should().Equal(Bits.Of(zeros(2, 3)));
        Bits.Of(quantizer.call(zeros(2, 3))).Should().Equal(Bits.Of(zeros(2, 3)));
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void What_has_no_code_is_refused(double value)
    {
        using var doReFa = Make.DoReFa(3);
        using var pact = Make.Pact(3, 1);
        var input = Make.Tensor([0, value, 1]);

        doReFa.Invoking(q => q.Encode(input)).Should().Throw<ArgumentException>().WithMessage("*1 of 3 elements are NaN or infinite*");
        pact.Invoking(q => q.Encode(input)).Should().Throw<ArgumentException>();
        pact.Invoking(q => q.Encode(zeros(0))).Should().Throw<ArgumentException>().WithMessage("*empty*");
        new PactQuantizer(BitWidth.Fixed("a", 3)).Invoking(q => q.Encode(ones(2))).Should().Throw<InvalidOperationException>()
            .WithMessage("*no value yet*");
    }

    public void Dispose() => _scope.Dispose();
}
