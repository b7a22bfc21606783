using static TorchSharp.torch;

namespace AdaQat.Search.Networks;

/// <summary>What two candidates compute, put together: w₁ · narrow, widened, + w₂ · wide.</summary>
internal static class Mixture
{
    /// <param name="narrow">What the narrower one computes.</param>
    /// <param name="wide">What the wider one computes.</param>
    /// <param name="axis">The axis of the channels.</param>
    /// <param name="weights">w₁ and w₂.</param>
    /// <param name="mixing">How the narrower one is widened.</param>
    /// <returns>A new tensor of the shape of <paramref name="wide"/>.</returns>
    public static Tensor Of(Tensor narrow, Tensor wide, int axis, Tensor weights, ChannelMixing mixing)
    {
        using var scope = NewDisposeScope();
        var widened = ChannelWindows.Of(narrow.shape[axis], wide.shape[axis], mixing).Widen(narrow, axis);
        return widened.mul(weights[0]).Add(wide.mul(weights[1])).MoveToOuterDisposeScope();
    }
}
