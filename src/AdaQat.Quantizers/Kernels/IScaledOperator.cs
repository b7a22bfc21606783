using System.Numerics;

namespace AdaQat.Quantizers.Kernels;

/// <summary>An operation whose numbers depend on the scale of its elements.</summary>
/// <typeparam name="T">The elements' type.</typeparam>
/// <typeparam name="TForm">What it has to know besides.</typeparam>
/// <typeparam name="TSelf">The operation.</typeparam>
internal interface IScaledOperator<T, TForm, TSelf> : IVectorOperator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TSelf : struct
{
    /// <summary>The operation at a place of <paramref name="numbers"/>.</summary>
    static abstract TSelf At(in ScaleNumbers<T> numbers, long place, in TForm form);
}
