using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat;

/// <summary>The values that a quantizer maps onto, and which of them a code stands for.</summary>
public abstract record QuantizationGrid
{
    private protected QuantizationGrid()
    {
    }

    /// <summary>The smallest code.</summary>
    public abstract int SmallestCode { get; }

    /// <summary>The largest code.</summary>
    public abstract int LargestCode { get; }

    /// <summary>The values that codes stand for.</summary>
    /// <param name="codes">Codes from <see cref="SmallestCode"/> to <see cref="LargestCode"/>, of any shape.</param>
    /// <param name="type">A floating-point type: the one in whose arithmetic values are made.</param>
    /// <returns>A new tensor of the codes' shape, on their device.</returns>
    public abstract Tensor Decode(Tensor codes, ScalarType type);
}
