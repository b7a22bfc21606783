using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AdaQat.Tests.Support;

/// <summary>Batch normalisation as training leaves it: statistics and slopes that differ from channel to channel.</summary>
internal static class TrainedState
{
    /// <summary>Gives every batch normalisation of a model such numbers, the same at every call.</summary>
    /// <param name="model">The model.</param>
    /// <param name="spread">By which factor the largest slope is above the smallest.</param>
    public static void Pretend(nn.Module model, double spread = 4)
    {
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        using var generator = new Generator(23);
        foreach (var norm in model.named_modules().Select(m => m.module).Append(model).OfType<BatchNorm>())
        {
            var channels = norm.num_features;
            norm.running_mean?.copy_(randn(channels, generator: generator) * 0.5);
            norm.running_var?.copy_((rand(channels, generator: generator) * 1.5) + 0.25);
            norm.weight?.copy_(pow(spread, rand(channels, generator: generator)) / Math.Sqrt(spread));
            norm.bias?.copy_(randn(channels, generator: generator) * 0.3);
        }
    }

    /// <summary>The largest difference of two tensors, relative to the largest number of the second.</summary>
    public static double Difference(Tensor actual, Tensor expected)
    {
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        return ((actual - expected).abs().max() / expected.abs().max()).to(ScalarType.Float64).item<double>();
    }
}
