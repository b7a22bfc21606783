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

    /// <summary>Refuses what has no codes: nothing at all, NaN and infinity.</summary>
    public static void RefuseWithoutCodes(Tensor input, string quantizer)
    {
        RefuseEmpty(input, quantizer);
        using var scope = NewDisposeScope();
        if (input.detach().isfinite().logical_not().sum().item<long>() is > 0 and var count)
        {
            throw new ArgumentException(
                $"{quantizer}: {count} of {input.numel()} elements are NaN or infinite, which have no code.", nameof(input));
        }
    }
}
