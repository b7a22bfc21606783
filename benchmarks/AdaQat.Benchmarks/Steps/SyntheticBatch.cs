using static TorchSharp.torch;

namespace AdaQat.Benchmarks.Steps;

/// <summary>Noise, always the same: what a step costs does not depend on what the images show.</summary>
internal sealed class SyntheticBatch : IDisposable
{
    public const long Seed = 1;

    public SyntheticBatch(int size, params IReadOnlyList<long> shape)
    {
        manual_seed(Seed);
        Images = randn([size, .. shape]);
        Labels = randint(0, 10, size);
    }

    public Tensor Images { get; }

    public Tensor Labels { get; }

    public void Dispose()
    {
        Images.Dispose();
        Labels.Dispose();
    }
}
