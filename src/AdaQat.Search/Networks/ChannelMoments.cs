using static TorchSharp.torch;

namespace AdaQat.Search.Networks;

/// <summary>Mean and variance of each channel over a batch.</summary>
/// <param name="Mean">μ.</param>
/// <param name="Variance">σ², the sum of squares by n.</param>
/// <param name="Count">n: samples times positions.</param>
internal sealed record ChannelMoments(float[] Mean, float[] Variance, long Count)
{
    /// <summary>1/√(σ² + ε).</summary>
    public float[] InverseDeviation(double epsilon) => Array.ConvertAll(Variance, v => (float)(1 / Math.Sqrt(v + epsilon)));

    /// <summary>What running statistics learn from: μ, and the sum of squares by n − 1.</summary>
    public (Tensor Mean, Tensor Variance) ForRunning() =>
        (tensor(Mean), tensor(Array.ConvertAll(Variance, v => (float)(v * ((double)Count / Math.Max(1, Count - 1))))));
}
