using AdaQat.Quantizers;
using static TorchSharp.torch;

namespace AdaQat.Tests.Support;

/// <summary>Quantizers and tensors as the tests need them.</summary>
internal static class Make
{
    /// <summary>The types that kernels serve.</summary>
    public static TheoryData<ScalarType> Types => [ScalarType.Float32, ScalarType.Float64];

    /// <summary>All combinations of DoReFa's choices, with the transforms that its formula knows.</summary>
    public static IEnumerable<DoReFaOptions> DoReFaOptions =>
        from transform in new[] { WeightTransform.Tanh, WeightTransform.Linear }
        from scale in Enum.GetValues<WeightScale>()
        select new DoReFaOptions { Transform = transform, Scale = scale };

    public static DoReFaQuantizer DoReFa(int bits, DoReFaOptions? options = null) => new(BitWidth.Fixed("w", bits), options);

    /// <summary>
    /// A quantizer of the given type whose α is exactly <paramref name="alpha"/>, unlike one whose float32 α was converted.
    /// </summary>
    public static PactQuantizer Pact(
        int bits, double alpha, bool isSigned = false, PactGradient gradient = PactGradient.Calibrated,
        ScalarType type = ScalarType.Float32)
    {
        var quantizer = new PactQuantizer(
            BitWidth.Fixed("a", bits), isSigned, new PactOptions { ClippingValue = Math.Max(alpha, 1e-3), Gradient = gradient });
        quantizer.to(type);
        using var guard = no_grad();
        quantizer.ClippingValue.fill_(alpha);
        return quantizer;
    }

    public static Tensor Tensor(IReadOnlyList<double> values, ScalarType type = ScalarType.Float32, params long[] shape)
    {
        using var numbers = tensor(values.ToArray(), dtype: ScalarType.Float64);
        return numbers.to_type(type).reshape(shape.Length == 0 ? [values.Count] : shape);
    }

    /// <summary>Normally distributed, the same at every call.</summary>
    public static Tensor Random(long count, ScalarType type, int seed = 1)
    {
        using var generator = new Generator((ulong)seed);
        return randn(count, dtype: type, generator: generator);
    }

    public static Tensor Leaf(IReadOnlyList<double> values, ScalarType type = ScalarType.Float32, params long[] shape) =>
        Tensor(values, type, shape).requires_grad_();
}
