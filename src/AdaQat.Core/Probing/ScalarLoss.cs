using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat.Probing;

/// <summary>Reads a loss.</summary>
internal static class ScalarLoss
{
    public static double Value(Tensor loss)
    {
        if (loss.numel() != 1)
        {
            throw new ArgumentException(
                $"The loss has the shape [{string.Join(", ", loss.shape)}]; one number is needed, such as a mean over the batch.",
                    nameof(loss));
        }

        using var scope = NewDisposeScope();
        return loss.detach().to(ScalarType.Float64).item<double>();
    }
}
