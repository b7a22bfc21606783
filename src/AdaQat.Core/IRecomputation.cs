using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AdaQat;

/// <summary>
/// What a quantizer computes in one call, with gradients by its own formula; it holds for that call's backward pass too, whatever becomes of
/// widths and parameters meanwhile. All is called without gradient.
/// </summary>
public interface IRecomputation
{
    /// <summary>The quantizer's parameters that have a gradient, such as PACT's α.</summary>
    IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>Quantizes: the same values, to the bit, as the quantizer's forward returns.</summary>
    /// <param name="input">x.</param>
    /// <param name="result">Gets x̂: of the shape, strides and type of <paramref name="input"/>.</param>
    void Quantize(Tensor input, Tensor result);

    /// <summary>The gradients, the same as those of the quantizer's forward, to the bit.</summary>
    /// <param name="input">x.</param>
    /// <param name="gradient">∂L/∂x̂, of the shape, strides and type of <paramref name="input"/>; gets ∂L/∂x in its place.</param>
    /// <param name="needsInput">Whether ∂L/∂x is needed.</param>
    /// <returns>The gradients of <see cref="Parameters"/>.</returns>
    IReadOnlyList<Tensor> Differentiate(Tensor input, Tensor gradient, bool needsInput);
}
