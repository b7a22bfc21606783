using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat.Attaching;

/// <summary>Calls a quantizer for a result that can be disposed, and disposes all else that the call made.</summary>
internal static class Quantization
{
    /// <summary>
    /// What <paramref name="quantizer"/> makes of <paramref name="input"/>, always in a tensor of its own: a quantizer that leaves
    /// something as it is may return the very tensor it was given, which is not ours to dispose.
    /// </summary>
    public static Tensor Quantize(this nn.Module<Tensor, Tensor> quantizer, Tensor input)
    {
        using var scope = NewDisposeScope();
        var quantized = quantizer.call(input);
        return (ReferenceEquals(quantized, input) ? input.alias() : quantized).MoveToOuterDisposeScope();
    }
}
