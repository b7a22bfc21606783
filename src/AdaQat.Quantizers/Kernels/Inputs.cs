using static TorchSharp.torch;

namespace AdaQat.Quantizers.Kernels;

/// <summary>Checks of what a quantizer is given.</summary>
internal static class Inputs
{
    public static void RefuseEmpty(Tensor input, string quantizer)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (input.numel() == 0)
        {
            throw new ArgumentException(
                $"{quantizer}: the tensor is empty, of shape [{string.Join(", ", input.shape)}]; at least one element is needed.",
                    nameof(input));
        }
    }
}
