using static TorchSharp.torch;

namespace AdaQat.Benchmarks.Steps;

/// <summary>Noise in the shape of CIFAR-10, always the same: what a step costs does not depend on what the images show.</summary>
internal sealed class SyntheticBatch : IDisposable
{
    public const long Seed = 1;

    public SyntheticBatch(int size)
    {
        manual_seed(Seed);
        Images = randn(size, 3, 32, 32);
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
