using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat.Quantizers.Uniform;

/// <summary>
/// The numbers of a uniform grid in one small tensor, a column a scale, so that one tensor is saved for the backward pass and one memory is
/// read by kernels. The rows: see the constants.
/// </summary>
internal static class GridNumbers
{
    /// <summary>What an element is divided by: the scale, or 1 where that is 0.</summary>
    public const int Divisor = 0;

    /// <summary>What is added before rounding: 0; ½ on the grid of two values around zero, 1 there where all values are zero.</summary>
    public const int Bias = 1;

    /// <summary>The zero point: what is added after rounding.</summary>
    public const int ZeroPoint = 2;

    /// <summary>What is added to a code before it is scaled; a multiple of ½.</summary>
    public const int Offset = 3;

    /// <summary>The distance of neighbouring values.</summary>
    public const int Scale = 4;

    /// <summary>For learned steps: the zero point before it was rounded.</summary>
    public const int RealZeroPoint = 5;

    /// <summary>Puts the rows together.</summary>
    public static Tensor Pack(params Tensor[] rows) => stack(rows);

    /// <summary>A grid around an integer zero point; a scale of 0 gives zeros.</summary>
    public static Tensor Integer(Tensor scale, Tensor zeroPoint) =>
        Pack(DivisorOf(scale), zeros_like(scale), zeroPoint, zeroPoint.neg(), scale);

    /// <summary>The grid of the two values ±scale/2; a scale of 0 gives zeros.</summary>
    public static Tensor TwoValues(Tensor scale) => Pack(
        DivisorOf(scale), FullLike(scale, 0.5).MaskedFill(scale.Eq(0), 1), zeros_like(scale), FullLike(scale, -0.5), scale);

    /// <summary>A row, in the shape in which it meets the tensor.</summary>
    public static Tensor Row(Tensor numbers, int row, long[] shape) => numbers.select(0, row).reshape(shape);

    /// <summary>What to divide by.</summary>
    public static Tensor DivisorOf(Tensor scale) => scale.MaskedFill(scale.Eq(0), 1);

    /// <summary>The grid that codes are to be read with.</summary>
    public static UniformGrid GridOf(Tensor numbers, UniformForm form) => new(
        Doubles(numbers, Scale), Doubles(numbers, Offset), form.Granularity, form.Smallest, form.Largest);

    /// <summary>A row on the host.</summary>
    public static double[] Doubles(Tensor numbers, int row)
    {
        using var scope = NewDisposeScope();
        return [.. numbers.select(0, row).to(ScalarType.Float64).cpu().data<double>()];
    }
}
