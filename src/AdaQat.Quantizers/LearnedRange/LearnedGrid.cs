using AdaQat.Quantizers.Kernels;
using AdaQat.Quantizers.Uniform;
using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat.Quantizers.LearnedRange;

/// <summary>The grid that follows from the two learned numbers, and how its gradients reach them.</summary>
/// <param name="LatentStep">log₂ of the step that acts, before it is rounded to a power of two.</param>
/// <param name="Step">d.</param>
/// <param name="Range">q, before it is a whole number of steps.</param>
/// <param name="Top">M: the steps from zero to the largest value, ½ on the grid of the two values ±q.</param>
/// <param name="IsSigned">Whether there are as many values below zero as above.</param>
/// <param name="Bound">Whether the learned step acts as it is.</param>
/// <param name="Kernels">What computes.</param>
internal sealed record LearnedGrid(
    double LatentStep, double Step, double Range, double Top, bool IsSigned, WidthBound Bound, KernelChoice Kernels)
{
    /// <summary>An error in a power of two that its float32 has; less than it takes for another code.</summary>
    private const double PowerError = 1e-4;

    /// <summary>The codes. Values are d·M with M = round(q/d): the largest is a value of the grid, at most half a step from q.</summary>
    public UniformForm Form => Top < 1
        ? new UniformForm(Granularity.PerTensor, 0, 1, Kernels: Kernels)
        : new UniformForm(Granularity.PerTensor, IsSigned ? -(int)Top : 0, (int)Top, Kernels: Kernels);

    /// <summary>Puts together what acts.</summary>
    /// <param name="step">log₂ d as it was learned; NaN where the step follows from width and range.</param>
    /// <param name="range">log₂ q.</param>
    /// <param name="allowed">How many steps the width allows.</param>
    /// <param name="isSigned">Whether values may be negative.</param>
    /// <param name="options">The choices.</param>
    /// <param name="type">The type in which the learned numbers are kept.</param>
    public static LearnedGrid Of(
        double step, double range, StepRange allowed, bool isSigned, LearnedRangeOptions options, ScalarType type)
    {
        var (low, high) = (range - Math.Log2(allowed.Most), range - Math.Log2(allowed.Least));
        var half = 0.0;
        if (options.HasPowerOfTwoStep)
        {
            // The finest and the coarsest power that cover the range with the bits that there are.
            (low, high) = (Math.Ceiling(low - PowerError), Math.Ceiling(high - PowerError));
            half = 0.5;
        }

        // Rounded as a parameter is: a step at its bound, kept and read again, is the same step.
        (low, high) = (Rounded(low, type), Rounded(high, type));
        var bound = low >= high ? WidthBound.Given
            : step <= low - half ? WidthBound.Largest
            : step >= high + half ? WidthBound.Smallest
            : WidthBound.None;
        var latent = bound switch
        {
            WidthBound.Given => low,
            WidthBound.Largest => low - half,
            WidthBound.Smallest => high + half,
            _ => step,
        };
        var exponent = options.HasPowerOfTwoStep ? Math.Max(low, Math.Min(high, Math.Round(latent))) : latent;
        var top = allowed.Most < 1 ? allowed.Most : Math.Clamp(Math.Round(Math.Pow(2, range - exponent)), 1, allowed.Most);
        return new LearnedGrid(
            latent, Math.Pow(2, exponent), Math.Pow(2, range), double.IsNaN(top) ? 1 : top, isSigned, bound, options.Kernels);
    }

    /// <summary>The numbers as <see cref="GridNumbers"/> has them.</summary>
    public Tensor Numbers(ScalarType type, Device device)
    {
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        var scale = tensor([Step], dtype: ScalarType.Float64).to(type).to(device);
        return (Top < 1 ? GridNumbers.TwoValues(scale) : GridNumbers.Integer(scale, zeros_like(scale))).MoveToOuterDisposeScope();
    }

    private static double Rounded(double value, ScalarType type) => type switch
    {
        ScalarType.Float64 => value,
        ScalarType.Float16 => (double)(Half)value,
        ScalarType.BFloat16 => ToBFloat16((float)value),
        _ => (float)value,
    };

    /// <summary>The upper half of a float32, rounded to even.</summary>
    private static double ToBFloat16(float value)
    {
        var bits = BitConverter.SingleToUInt32Bits(value);
        return float.IsFinite(value) ? BitConverter.UInt32BitsToSingle((bits + 0x7FFF + ((bits >> 16) & 1)) & 0xFFFF0000) : value;
    }
}
