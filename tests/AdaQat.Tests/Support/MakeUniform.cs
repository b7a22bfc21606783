using AdaQat.Quantizers;
using static TorchSharp.torch;

namespace AdaQat.Tests.Support;

/// <summary>Quantizers of the uniform families as the tests need them, with the ranges and steps that a test says.</summary>
internal static class MakeUniform
{
    /// <summary>Every granularity that a tensor of some dimensions may have.</summary>
    public static Granularity[] Granularities { get; } =
        [Granularity.PerTensor, Granularity.PerChannel(), Granularity.PerChannel(axis: 1), Granularity.PerGroup(4)];

    /// <summary>An affine quantizer whose range is given, one for each scale.</summary>
    public static AffineQuantizer Affine(
        int bits, AffineOptions options, IReadOnlyList<double> low, IReadOnlyList<double> high, bool isSigned = true,
        ScalarType type = ScalarType.Float32)
    {
        var quantizer = new AffineQuantizer(
            BitWidth.Fixed("q", bits), QuantizerTarget.Activation, isSigned, options with { Range = RangeSource.Static }, low.Count);
        quantizer.to(type);
        SetRange(quantizer, low, high);
        return quantizer;
    }

    /// <summary>A fixed-point quantizer of an activation with a given largest magnitude.</summary>
    public static FixedPointQuantizer FixedPoint(
        int bits, double magnitude, bool isSigned = true, CodeOverflow overflow = CodeOverflow.Saturate,
        ScalarType type = ScalarType.Float32)
    {
        var quantizer = new FixedPointQuantizer(
            BitWidth.Fixed("q", bits), QuantizerTarget.Activation, isSigned, new FixedPointOptions { Overflow = overflow });
        quantizer.to(type);
        SetRange(quantizer, [isSigned ? -magnitude : 0], [magnitude]);
        return quantizer;
    }

    /// <summary>An LSQ quantizer of a weight whose t is given, and whose offset, where it has one.</summary>
    public static LsqQuantizer Lsq(
        int bits, LsqOptions options, IReadOnlyList<double> unitStep, IReadOnlyList<double>? offset = null, bool isSigned = true,
        ScalarType type = ScalarType.Float32)
    {
        var quantizer = new LsqQuantizer(BitWidth.Fixed("q", bits), QuantizerTarget.Weight, isSigned, options, unitStep.Count);
        quantizer.to(type);
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        quantizer.UnitStep.copy_(Make.Tensor(unitStep, type));
        quantizer.Offset?.copy_(Make.Tensor(offset!, type));
        return quantizer;
    }

    /// <summary>A quantizer whose learned step and range are given; the step is left out where it is not learned.</summary>
    public static LearnedRangeQuantizer LearnedRange(
        BitWidth width, double stepLog2, double rangeLog2, bool isSigned = true, LearnedRangeOptions? options = null,
        ScalarType type = ScalarType.Float32)
    {
        var quantizer = new LearnedRangeQuantizer(width, QuantizerTarget.Weight, isSigned, options);
        quantizer.to(type);
        using var guard = no_grad();
        quantizer.StepLog2?.fill_(stepLog2);
        quantizer.RangeLog2.fill_(rangeLog2);
        return quantizer;
    }

    /// <summary>A quantizer of every family, form and granularity, not calibrated, for tensors of a shape.</summary>
    public static IEnumerable<(Quantizer Quantizer, string What)> Every(BitWidth width, long[] shape, KernelChoice kernels)
    {
        foreach (var granularity in Granularities.Where(g => Fits(g, shape)))
        {
            var scales = granularity.ScalesFor(shape);
            foreach (var options in
                from isSymmetric in new[] { true, false }
                from isNarrow in new[] { true, false }
                from range in Enum.GetValues<RangeSource>()
                where width.Minimum > 1 || !isNarrow || isSymmetric
                select new AffineOptions
                {
                    Granularity = granularity,
                    IsSymmetric = isSymmetric,
                    IsNarrow = isNarrow,
                    Range = range,
                    Kernels = kernels,
                    Percentile = isNarrow ? 0.9 : 1,
                })
            {
                yield return (new AffineQuantizer(width, QuantizerTarget.Activation, isSigned: true, options, scales), options.ToString());
            }

            foreach (var options in
                from overflow in Enum.GetValues<CodeOverflow>()
                from bits in new (int? Integer, int? Fraction)[] { (null, null), (1, null), (null, 3) }
                select new FixedPointOptions
                {
                    Granularity = granularity,
                    Overflow = overflow,
                    IntegerBits = bits.Integer,
                    FractionBits = bits.Fraction,
                    Kernels = kernels,
                })
            {
                yield return (
                    new FixedPointQuantizer(width, QuantizerTarget.Activation, isSigned: true, options, scales), options.ToString());
            }

            foreach (var hasOffset in new[] { false, true })
            {
                var options = new LsqOptions { Granularity = granularity, HasOffset = hasOffset, Kernels = kernels };
                yield return (new LsqQuantizer(width, QuantizerTarget.Weight, isSigned: true, options, scales), options.ToString());
            }
        }

        foreach (var hasPowerOfTwoStep in new[] { false, true })
        {
            var options = new LearnedRangeOptions { HasPowerOfTwoStep = hasPowerOfTwoStep, Kernels = kernels };
            yield return (new LearnedRangeQuantizer(width, QuantizerTarget.Activation, isSigned: true, options), options.ToString());
            if (width.Minimum > 1)
            {
                var inferred = BitWidth.Inferred(width.Name, width.Maximum, width.Minimum, width.Maximum + 1);
                yield return (
                    new LearnedRangeQuantizer(inferred, QuantizerTarget.Activation, isSigned: true, options), $"{options}, inferred");
            }
        }
    }

    private static bool Fits(Granularity granularity, long[] shape) =>
        granularity == Granularity.PerTensor
        || (granularity.GroupSize is { } size ? shape.Length > 0 && shape.Skip(1).Aggregate(1L, (p, s) => p * s) % size == 0
            : granularity.Axis < shape.Length);

    private static void SetRange(RangedQuantizer quantizer, IReadOnlyList<double> low, IReadOnlyList<double> high)
    {
        using var scope = NewDisposeScope();
        var state = quantizer.state_dict();
        state["range_low"].copy_(Make.Tensor(low, state["range_low"].dtype));
        state["range_high"].copy_(Make.Tensor(high, state["range_high"].dtype));
    }
}
