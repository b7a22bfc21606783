using AdaQat.Quantizers.Kernels;
using AdaQat.Quantizers.Uniform;

namespace AdaQat.Quantizers.Lsq;

/// <summary>Which of LSQ's formulas a call uses.</summary>
/// <param name="Uniform">The codes, the granularity, what computes.</param>
/// <param name="Root">√Q: what the learned step is divided by.</param>
/// <param name="HasOffset">Whether the grid has an offset that is learned, too.</param>
/// <param name="IsTwoValues">Whether the grid is that of the two values ±s/2: one bit with a sign.</param>
/// <param name="IsBatch">Whether dimension 0 of a tensor counts samples.</param>
internal sealed record LsqForm(UniformForm Uniform, double Root, bool HasOffset, bool IsTwoValues, bool IsBatch)
{
    /// <summary>The form at a width.</summary>
    public static LsqForm At(int bits, bool isSigned, bool hasOffset, bool isBatch, Granularity granularity, KernelChoice kernels)
    {
        var isTwoValues = isSigned && !hasOffset && bits == 1;
        var (smallest, largest) = isSigned && !hasOffset && bits > 1
            ? (-(int)Grid.SignedSteps(bits) - 1, (int)Grid.SignedSteps(bits))
            : (0, (int)Grid.Steps(bits));
        return new LsqForm(
            new UniformForm(granularity, smallest, largest, Kernels: kernels), Math.Sqrt(largest), hasOffset, isTwoValues, isBatch);
    }

    /// <summary>s for a range: see <see cref="LsqQuantizer.RangeLayout"/>.</summary>
    public double StepOver(ValueRange range, bool isSigned)
    {
        var magnitude = RangeNumbers.Magnitude(range, isSigned);
        // Codes of a signed grid and of one around a zero point are 2^k, as far as there are two of them.
        var steps = Uniform.Largest - Uniform.Smallest;
        return HasOffset ? (range.High - range.Low) / steps : isSigned ? 2 * magnitude / steps : magnitude / steps;
    }

    /// <summary>N: how many elements of a weight, or of a sample of an input, share a scale.</summary>
    public double ElementsPerScale(long[] shape, long scales)
    {
        var samples = IsBatch && shape.Length > 1 ? shape[0] : 1;
        return shape.Aggregate(1.0, (product, size) => product * size) / samples / scales;
    }
}
