using TorchSharp;
using static TorchSharp.torch;

namespace AdaQat.Training;

/// <summary>Ways to count what a classifier got right.</summary>
internal static class Accuracy
{
    /// <summary>
    /// How many rows of <paramref name="output"/> [batch, classes] have their largest score at the class in <paramref name="target"/>
    /// [batch].
    /// </summary>
    public static double TopOne(Tensor output, Tensor target)
    {
        using var scope = NewDisposeScope();
        return output.argmax(1).eq(target).sum().item<long>();
    }
}
